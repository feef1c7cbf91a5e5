import {mkdir, readdir, utimes, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {execa} from 'execa';
import {dir} from 'tmp-promise';
import {acquireLock} from '../../harness/image/build/lock.ts';

const program = path.resolve(import.meta.dirname, '../../harness/bootwright.js');

/** A cache of the test's own, in which each entry holds 64 KiB; the first one was used last. */
const openCache = async (t: ExecutionContext, entries: readonly string[]) => {
	const {path: home, cleanup} = await dir({unsafeCleanup: true, prefix: 'bootwright-test-'});
	t.teardown(cleanup);
	const root = path.join(home, 'bootwright');
	for (const [index, entry] of entries.entries()) {
		const directory = path.join(root, entry);
		await mkdir(directory, {recursive: true});
		await writeFile(path.join(directory, 'memory'), Buffer.alloc(64 * 1024, 1));
		const at = new Date(Date.UTC(2026, 0, 20 - index));
		await utimes(directory, at, at);
	}

	return {
		root,
		cache: async (...args: readonly string[]) =>
			execa(process.execPath, [program, 'cache', ...args], {env: {XDG_CACHE_HOME: home}}),
		left: async (kind: string) =>
			(await readdir(path.join(root, kind)))
				.toSorted((a, b) => a.localeCompare(b, 'en'))
				.filter((name) => name !== '.locks'),
	};
};

test('what is there, what a killed run left, and the size of the compiled program', async (t) => {
	const {root, cache} = await openCache(t, [
		`machines/.growing-${process.pid}-aa`,
		'machines/.growing-999999999-bb',
		'machines/1024-cc',
		'images/probe-0123456789abcdef',
	]);
	const {stdout} = await cache();
	const said = stdout.replaceAll(root, '').replaceAll(/this program, compiled, \d+\.\d MiB$/gmv, 'compiled');
	t.is(
		said,
		`booted machines, 192.0 KiB, at most 4.0 GiB (BOOTWRIGHT_MACHINES_MIB)
   64.0 KiB  2026-01-20 00:00  /machines/.growing-${process.pid}-aa  in use
   64.0 KiB  2026-01-19 00:00  /machines/.growing-999999999-bb  unfinished: --prune takes it away where its maker was killed
   64.0 KiB  2026-01-18 00:00  /machines/1024-cc
reference images, toolbox, kernels, 64.0 KiB
   64.0 KiB  2026-01-17 00:00  /images/probe-0123456789abcdef
compiled`,
	);
});

test('--prune takes away what killed runs left, and builds that have a newer one', async (t) => {
	const {root, cache, left} = await openCache(t, [
		`machines/.growing-${process.pid}-aa`,
		'machines/.growing-999999999-bb',
		'images/probe-0000000000000001',
		'images/kernel-base-0000000000000001',
		'images/probe-0000000000000002',
		'images/probe-i386-0000000000000003',
		'images/probe-0000000000000004',
		'images/probe-0000000000000005',
		'images/.building-probe-0000000000000006+0123abcd',
		'images/of-somebody-else',
	]);
	await mkdir(path.join(root, 'images/.locks'));
	{
		await using _lock = await acquireLock(path.join(root, 'images/.locks/probe-0000000000000004'));
		const {stdout} = await cache('--prune');
		t.deepEqual(
			stdout.match(/^removed .*/gmv),
			['probe-0000000000000002', 'probe-0000000000000005'].map((name) => `removed  64.0 KiB  ${root}/images/${name}`),
		);
	}

	t.deepEqual(await left('machines'), [`.growing-${process.pid}-aa`]);
	t.deepEqual(await left('images'), [
		'kernel-base-0000000000000001',
		'of-somebody-else',
		'probe-0000000000000001',
		'probe-0000000000000004',
		'probe-i386-0000000000000003',
	]);
});

test('what other runs grow counts towards the limit, and stays', async (t) => {
	const {cache, left} = await openCache(t, [`machines/.growing-${process.pid}-aa`, 'machines/1024-cc']);
	await cache('--prune', '--all');
	t.deepEqual(await left('machines'), [`.growing-${process.pid}-aa`]);
});
