import {chmod, mkdir, readFile, stat, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {dir} from 'tmp-promise';
import {loadProfile} from '../../../harness/profile/load.ts';
import {type KeyPlan, savedKey} from '../../../harness/runner/clones/saved-key.ts';

const folder = async (t: ExecutionContext): Promise<string> => {
	const {path: directory, cleanup} = await dir({unsafeCleanup: true, prefix: 'bootwright-test-'});
	t.teardown(cleanup);
	return directory;
};

const planOf = async (qemu: string): Promise<KeyPlan> => ({
	profile: await loadProfile('gce'),
	qemu: {path: qemu, imgPath: 'qemu-img', version: {major: 10, minor: 0, micro: 2, text: '10.0.2'}},
	accelerator: {accelerator: 'tcg', reason: 'a test'},
	access: 'auto',
	credentials: undefined,
	network: 'auto',
	version: '0.1.0',
});

const image = {sha256: 'a'.repeat(64), bytes: 1024};

test('each part of what a machine depends on makes another key', async (t) => {
	const root = await folder(t);
	const qemu = path.join(root, 'qemu-system-x86_64');
	await writeFile(qemu, 'one');
	const plan = await planOf(qemu);
	const key = async (changes: Partial<KeyPlan> = {}, other = image): Promise<string> =>
		savedKey({...plan, ...changes}, {...other, root});
	const first = await key();
	t.regex(first, /^1024-[\da-f]{32}$/v);
	t.is(await key(), first);
	const others = [
		await key({}, {...image, sha256: 'b'.repeat(64)}),
		await key({}, {...image, bytes: 2048}),
		await key({version: '0.1.1'}),
		await key({profile: await loadProfile('gce', {overrides: {memoryMiB: 1024}})}),
		await key({profile: await loadProfile('gce', {overrides: {disk: {numQueues: 4}}})}),
		await key({accelerator: {accelerator: 'kvm', reason: 'a test'}}),
		await key({access: 'inject'}),
		await key({credentials: {user: 'root', password: 'one'}}),
		await key({credentials: {user: 'root', password: 'two'}}),
		await key({network: 'user'}),
		await key({labFaults: {vnetHdr: false}}),
	];
	const flash = {code: path.join(root, 'code.fd'), variables: path.join(root, 'variables.fd')};
	const uefi = {profile: await loadProfile('gce', {overrides: {firmware: {uefi: flash}}})};
	await writeFile(flash.code, 'a firmware');
	others.push(await key(uefi));
	await writeFile(flash.code, 'a newer firmware');
	others.push(await key(uefi));
	await writeFile(flash.variables, 'with an entry');
	others.push(await key(uefi));
	await writeFile(qemu, 'another build of the same version');
	others.push(await key());
	t.is(new Set([first, ...others]).size, others.length + 1);
});

test.serial('QEMU from PATH: the one that is started counts, not where else PATH leads', async (t) => {
	const root = await folder(t);
	const [empty, first, second] = ['empty', 'first', 'second'].map((name) => path.join(root, name)) as [
		string,
		string,
		string,
	];
	await Promise.all([empty, first, second].map(async (one) => mkdir(one)));
	await writeFile(path.join(second, 'some-qemu'), 'two', {mode: 0o755});
	const {PATH: before} = process.env;
	t.teardown(() => {
		process.env['PATH'] = before;
	});
	const plan = await planOf('some-qemu');
	const key = async (...folders: readonly string[]): Promise<string> => {
		process.env['PATH'] = folders.join(':');
		return savedKey(plan, {...image, root});
	};
	const known = await key(second);
	t.is(await key(empty, second, path.join(root, 'nonexistent')), known);
	// What cannot be run is passed over, as the kernel does.
	await writeFile(path.join(first, 'some-qemu'), 'one', {mode: 0o644});
	t.is(await key(first, second), known);
	await chmod(path.join(first, 'some-qemu'), 0o755);
	t.not(await key(first, second), known);
});

test('the name says nothing of a password to whoever does not have the store', async (t) => {
	const roots = [await folder(t), await folder(t)];
	const plan = {...(await planOf('/usr/bin/qemu')), credentials: {user: 'root', password: 'secret'}};
	const [one, two] = await Promise.all(roots.map(async (root) => savedKey(plan, {...image, root})));
	t.not(one, two);
	const secret = path.join(roots[0] ?? '', '.secret');
	t.is((await stat(secret)).mode & 0o777, 0o600);
	t.is((await readFile(secret)).length, 32);
	await mkdir(path.join(roots[0] ?? '', 'x'));
	t.true((await savedKey(plan, {...image, root: roots[0] ?? ''})) === one);
});
