import {mkdir, readdir, utimes, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {dir} from 'tmp-promise';
import {claim, isClaimed, sweep} from '../../../harness/runner/clones/claims.ts';
import {listEntries, prune} from '../../../harness/runner/clones/prune.ts';

/** A store with entries of 64 KiB, the first one used last. */
const store = async (t: ExecutionContext, names: readonly string[]): Promise<string> => {
	const {path: root, cleanup} = await dir({unsafeCleanup: true, prefix: 'bootwright-test-'});
	t.teardown(cleanup);
	for (const [index, name] of names.entries()) {
		await mkdir(path.join(root, name));
		await writeFile(path.join(root, name, 'memory'), Buffer.alloc(64 * 1024, 1));
		const at = new Date(Date.UTC(2026, 0, 10 - index));
		await utimes(path.join(root, name), at, at);
	}

	return root;
};

test('the ones used longest ago go, until the rest fits', async (t) => {
	const root = await store(t, ['new', 'middle', 'old']);
	t.deepEqual(
		(await listEntries(root)).map((entry) => path.basename(entry.path)),
		['new', 'middle', 'old'],
	);
	const gone = await prune(root, 140 * 1024);
	t.deepEqual(
		gone.map((entry) => path.basename(entry.path)),
		['old'],
	);
	t.deepEqual(
		(await readdir(root)).toSorted((a, b) => a.localeCompare(b, 'en')),
		['middle', 'new'],
	);
	await prune(root, 0);
	t.deepEqual(await readdir(root), []);
});

test('one that is in use stays; a claim of a process that ended is none', async (t) => {
	const root = await store(t, ['used', 'left']);
	await writeFile(path.join(root, '.used-left-999999999-0123abcd'), '');
	{
		await using _claim = await claim(path.join(root, 'used'));
		t.true(await isClaimed(path.join(root, 'used')));
		t.false(await isClaimed(path.join(root, 'left')));
		await prune(root, 0);
		t.true((await readdir(root)).includes('used'));
		t.false((await readdir(root)).includes('left'));
	}

	t.false(await isClaimed(path.join(root, 'used')));
});

test('what killed runs were growing is swept, and their claims; that of the living stays', async (t) => {
	const root = await store(t, ['.growing-999999999-aa', `.growing-${process.pid}-bb`]);
	await writeFile(path.join(root, '.used-x-999999999-0123abcd'), '');
	await sweep(root);
	t.deepEqual(await readdir(root), [`.growing-${process.pid}-bb`]);
});
