import {mkdir, readdir, rm, stat} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import test from 'ava';
import {dir} from 'tmp-promise';
import {Deadline} from '../../harness/core/deadline.ts';
import {HostError} from '../../harness/core/errors.ts';
import {openSshClient} from '../../harness/lab/ssh-client.ts';
import {open} from './_lab.ts';

test.serial(
	'a key of its own, in the folder of the run for as long as it is used; nobody listens in an empty lab',
	async (t) => {
		const {path: folder, cleanup} = await dir({unsafeCleanup: true, prefix: 'bootwright-test-'});
		t.teardown(cleanup);
		await using lab = await open(t, {folder});
		{
			await using client = await openSshClient(lab);
			t.regex(client.publicKey, /^ssh-ed25519 [\w+\/]{68} bootwright$/v);
			const [name = ''] = await readdir(folder);
			t.is((await stat(path.join(folder, name, 'key'))).mode & 0o777, 0o600);
			using deadline = new Deadline({phase: 'test', budgetMs: 20_000});
			const {status, stdout, said} = await client.run('true', {user: 'nobody', address: '10.128.0.1', deadline});
			t.is(status, 255);
			t.is(stdout, '');
			t.is(said, 'ssh: connect to host 10.128.0.1 port 22: Connection refused');
		}

		t.deepEqual(await readdir(folder), []);
	},
);

test.serial('who waits too long hears why', async (t) => {
	await using client = await openSshClient({enter: ['sh', '-c', 'exec sleep 20', '--'], folder: undefined});
	using deadline = new Deadline({phase: 'login', budgetMs: 200});
	await t.throwsAsync(client.run('true', {user: 'nobody', address: '10.128.0.1', deadline}), {
		message: 'Phase "login" was not over after 0.2 s',
	});
	t.true(deadline.elapsedMs < 10_000, 'the program is stopped');
});

test.serial('a host without the program is told what to install, and no folder is left', async (t) => {
	const {path: folder, cleanup} = await dir({unsafeCleanup: true, prefix: 'bootwright-test-'});
	t.teardown(cleanup);
	const empty = path.join(folder, 'bin');
	await mkdir(empty);
	const {PATH: before = ''} = process.env;
	process.env['PATH'] = empty;
	try {
		const error = await t.throwsAsync(openSshClient({enter: [], folder}), {instanceOf: HostError});
		t.is(error.message, 'ssh-keygen is missing on this host');
		t.is(error.hint, 'sudo apt-get install openssh-client');
	} finally {
		process.env['PATH'] = before;
	}

	await rm(empty, {recursive: true});
	t.deepEqual(await readdir(folder), []);
});
