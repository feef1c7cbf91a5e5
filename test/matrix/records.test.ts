import {mkdir, utimes, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {dir} from 'tmp-promise';
import {UsageError} from '../../harness/core/errors.ts';
import {openMatrixFolder, readMatrixFolder} from '../../harness/matrix/matrix-folder.ts';
import {cellDirectory, isFinished, readRecord, readRecords, stampOf} from '../../harness/matrix/records.ts';
import {cellsIn, leaveCell, matrixOf, recordOf} from './_matrix.ts';

const text = 'images: [{image: ref:a, options: {strict: true}}, ref:b]';
const [cell, other] = cellsIn(text);

test('what was written is what is read, and is finished', async (t) => {
	const {path: directory, cleanup} = await dir({unsafeCleanup: true, prefix: 'bootwright-test-'});
	t.teardown(cleanup);
	const record = await leaveCell(directory, recordOf(cell!), []);
	const read = await readRecord(directory, cell!.id);
	t.deepEqual(read, record);
	t.true(isFinished(read, {cell: cell!, version: '0.1.0', stamp: null}));
	t.deepEqual(await readRecords(directory), {records: new Map([[cell!.id, record]]), damaged: new Map()});
	t.is(await readRecord(directory, other!.id), undefined);
});

test('a cell is run again after an end that says nothing of the image, and where something else is judged', (t) => {
	const now = {cell: cell!, version: '0.1.0', stamp: null};
	for (const exitCode of [0, 1, 3, 5]) {
		t.true(isFinished(recordOf(cell!, {exitCode}), now), String(exitCode));
	}

	for (const exitCode of [2, 4, 129, 130, 143]) {
		t.false(isFinished(recordOf(cell!, {exitCode}), now), String(exitCode));
	}

	t.false(isFinished(recordOf(cell!), {...now, version: '0.2.0'}));
	t.false(isFinished(recordOf(cell!), {...now, stamp: '1 2'}));
	t.false(isFinished(recordOf(cell!), {...now, cell: {...cell!, skip: ['boot.*']}}));
	t.false(isFinished(undefined, now));
});

test('another file behind the same path is another cell, whatever file of it', async (t) => {
	const {path: directory, cleanup} = await dir({unsafeCleanup: true, prefix: 'bootwright-test-'});
	t.teardown(cleanup);
	const file = (name: string): string => path.join(directory, name);
	const options = ['kernel', 'initrd', 'config', 'scenario', 'password-file']
		.map((name) => `${name}: ${file(name)}`)
		.join(', ');
	const [whole] = cellsIn(`images: [{image: ${file('image')}, options: {${options}}}]\nprofiles: [${file('q.yaml')}]`);
	const seen = new Set([await stampOf(whole!)]);
	for (const name of ['image', 'kernel', 'initrd', 'config', 'scenario', 'password-file', 'q.yaml']) {
		await writeFile(file(name), 'x');
		const made = await stampOf(whole!);
		await utimes(file(name), 1, 1);
		const changed = await stampOf(whole!);
		t.false(seen.has(made) || seen.has(changed) || made === changed, name);
		seen.add(made).add(changed);
	}

	// How long a password is would be told by a size.
	const before = await stampOf(whole!);
	await writeFile(file('password-file'), 'a longer one');
	await utimes(file('password-file'), 1, 1);
	t.is(await stampOf(whole!), before);
	t.is(await stampOf(other!), null);
});

test('modules of a kernel that were installed anew make another cell', async (t) => {
	const {path: directory, cleanup} = await dir({unsafeCleanup: true, prefix: 'bootwright-test-'});
	t.teardown(cleanup);
	const modules = path.join(directory, 'modules');
	const module = path.join(modules, 'lib/modules/6.1.0/modules.dep');
	await mkdir(path.dirname(module), {recursive: true});
	const [on] = cellsIn(`images: [{kernel: ref:base, options: {modules: ${modules}}}]`);
	const seen = new Set([await stampOf(on!)]);
	await writeFile(module, 'x');
	seen.add(await stampOf(on!));
	await utimes(module, 1, 1);
	seen.add(await stampOf(on!));
	t.is(seen.size, 3);
});

test('a record that is none is told with its file', async (t) => {
	const {path: directory, cleanup} = await dir({unsafeCleanup: true, prefix: 'bootwright-test-'});
	t.teardown(cleanup);
	await leaveCell(directory, recordOf(cell!), []);
	const file = path.join(cellDirectory(directory, cell!.id), 'cell.json');
	const elsewhere = recordOf({...cell!, id: '../../../out/x'});
	const contents = [
		'',
		'{}',
		'{"cell": 1}',
		'\0',
		JSON.stringify(elsewhere),
		JSON.stringify(recordOf(other!)),
		JSON.stringify(recordOf(cell!, {run: '../run'})),
		JSON.stringify(recordOf(cell!, {run: '..'})),
	];
	for (const content of contents) {
		await writeFile(file, content);
		const error = await t.throwsAsync(readRecord(directory, cell!.id), {instanceOf: UsageError});
		t.true(error.message.startsWith(`${file} is no record of this version: `), error.message);
		// The others can be read.
		t.deepEqual(await readRecords(directory), {records: new Map(), damaged: new Map([[cell!.id, error.message]])});
	}
});

test('a directory belongs to one matrix and one shard, and to the version that judged last', async (t) => {
	const {path: directory, cleanup} = await dir({unsafeCleanup: true, prefix: 'bootwright-test-'});
	t.teardown(cleanup);
	const wanted = {version: '0.1.0', matrix: matrixOf(text), shard: '1/2', durations: null};
	await openMatrixFolder(directory, wanted);
	await t.notThrowsAsync(openMatrixFolder(directory, wanted));
	await t.throwsAsync(openMatrixFolder(directory, {...wanted, shard: '2/2'}), {message: /holds shard 1\/2$/v});
	const cut = {...wanted, durations: '0123456789abcdef'};
	await t.throwsAsync(openMatrixFolder(directory, cut), {
		message: /holds shard 1\/2 as it was cut by other durations$/v,
	});
	await t.throwsAsync(openMatrixFolder(directory, {...wanted, matrix: matrixOf('images: [ref:a]')}), {
		instanceOf: UsageError,
		message: /holds another matrix$/v,
	});
	// Its cells have versions of their own.
	await openMatrixFolder(directory, {...wanted, version: '0.2.0'});
	t.is((await readMatrixFolder(directory)).version, '0.2.0');
});
