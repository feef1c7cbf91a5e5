import {mkdir, readFile, readdir, symlink, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {gzipSync} from 'node:zlib';
import test, {type ExecutionContext} from 'ava';
import {dir} from 'tmp-promise';
import {inByteOrder} from '../../../harness/image/build/in-byte-order.ts';
import {packCell, unpackCell} from '../../../harness/matrix/queue/carry.ts';

const directory = async (t: ExecutionContext): Promise<string> => {
	const {path: place, cleanup} = await dir({unsafeCleanup: true, prefix: 'bootwright-test-'});
	t.teardown(cleanup);
	return place;
};

const cell = async (t: ExecutionContext): Promise<string> => {
	const place = await directory(t);
	await mkdir(path.join(place, 'run/consoles'), {recursive: true});
	await writeFile(path.join(place, 'run/events.jsonl'), 'e'.repeat(5000));
	await writeFile(path.join(place, 'run/consoles/ttyS0.log'), Buffer.from([0, 255, 10]));
	await writeFile(path.join(place, 'run/capture.pcapng'), Buffer.alloc(1000));
	await writeFile(path.join(place, 'cell.json'), '{}');
	await symlink('run', path.join(place, 'latest'));
	return place;
};

const filesIn = async (place: string): Promise<readonly string[]> => {
	const entries = await readdir(place, {recursive: true, withFileTypes: true});
	return entries
		.filter((entry) => entry.isFile())
		.map((entry) => path.relative(place, path.join(entry.parentPath, entry.name)))
		.toSorted(inByteOrder);
};

const packed = (head: unknown): string => gzipSync(`${JSON.stringify(head)}\n`).toString('base64');

test('what is packed is what is unpacked, byte by byte', async (t) => {
	const [from, to] = [await cell(t), await directory(t)];
	const carried = await packCell(from);
	t.deepEqual(carried.left, []);
	await unpackCell(carried, to);
	const files = ['run/capture.pcapng', 'run/consoles/ttyS0.log', 'run/events.jsonl'];
	t.deepEqual(await filesIn(to), files);
	for (const file of files) {
		t.deepEqual(await readFile(path.join(to, file)), await readFile(path.join(from, file)));
	}
});

test('what is too large stays, and is named; what reports are made of comes along', async (t) => {
	const [from, to] = [await cell(t), await directory(t)];
	const carried = await packCell(from, 500);
	t.deepEqual(carried.left, ['run/capture.pcapng']);
	await unpackCell(carried, to);
	t.deepEqual(await filesIn(to), ['run/consoles/ttyS0.log', 'run/events.jsonl']);
});

test('nothing is written beside the directory, whatever a file is called', async (t) => {
	for (const name of ['../x', '/tmp/x', 'a/../../x', '', '..\\x', 'a\0']) {
		const to = await directory(t);
		const files = packed([
			{name: 'good', bytes: 0},
			{name, bytes: 0},
		]);
		await t.throwsAsync(unpackCell({files}, to), {message: `a file is called ${JSON.stringify(name)}`});
		t.deepEqual(await filesIn(to), []);
	}

	const to = await directory(t);
	await t.throwsAsync(unpackCell({files: 'bm8gZ3ppcA=='}, to));
	await t.throwsAsync(unpackCell({files: packed([1])}, to));
	await t.throwsAsync(unpackCell({files: packed([{name: 'x', bytes: 1}])}, to), {message: 'its files are cut'});
});
