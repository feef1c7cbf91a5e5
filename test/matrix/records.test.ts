import {mkdir, utimes, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {dir} from 'tmp-promise';
import {UsageError} from '../../harness/core/errors.ts';
import {openMatrixFolder} from '../../harness/matrix/matrix-folder.ts';
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
	t.is((await readRecords(directory)).size, 1);
	t.is(await readRecord(directory, other!.id), undefined);
});

test('a cell is run again after an end that says nothing of the image, and where something else is judged', (t) => {
	const now = {cell: cell!, version: '0.1.0', stamp: null};
	for (const exitCode of [0, 1, 2, 3, 5]) {
		t.true(isFinished(recordOf(cell!, {exitCode}), now), String(exitCode));
	}

	for (const exitCode of [4, 129, 130, 143]) {
		t.false(isFinished(recordOf(cell!, {exitCode}), now), String(exitCode));
	}

	t.false(isFinished(recordOf(cell!), {...now, version: '0.2.0'}));
	t.false(isFinished(recordOf(cell!), {...now, stamp: '1 2'}));
	t.false(isFinished(recordOf(cell!), {...now, cell: {...cell!, skip: ['boot.*']}}));
	t.false(isFinished(undefined, now));
});

test('another file behind the same path is another cell', async (t) => {
	const {path: directory, cleanup} = await dir({unsafeCleanup: true, prefix: 'bootwright-test-'});
	t.teardown(cleanup);
	const [image, scenario, modules] = ['image.raw', 'swap.ts', 'modules'].map((name) => path.join(directory, name));
	const module = path.join(modules!, 'lib/modules/6.1.0/modules.dep');
	await mkdir(path.dirname(module), {recursive: true});
	const [on] = cellsIn(`images: [{kernel: ${image}, options: {scenario: ${scenario}, modules: ${modules}}}]`);
	const seen = new Set([await stampOf(on!)]);
	for (const file of [image!, scenario!, module]) {
		await writeFile(file, 'x');
		seen.add(await stampOf(on!));
		await utimes(file, 1, 1);
		seen.add(await stampOf(on!));
	}

	t.is(seen.size, 7);
	t.is(await stampOf(other!), null);
	const [alone] = cellsIn(`images: [${image}]`);
	t.is(await stampOf(alone!), '1 1000');
});

test('a record that is none is told with its file', async (t) => {
	const {path: directory, cleanup} = await dir({unsafeCleanup: true, prefix: 'bootwright-test-'});
	t.teardown(cleanup);
	await leaveCell(directory, recordOf(cell!), []);
	const file = path.join(cellDirectory(directory, cell!.id), 'cell.json');
	for (const content of ['', '{}', '{"cell": 1}', '\0']) {
		await writeFile(file, content);
		const error = await t.throwsAsync(readRecord(directory, cell!.id), {instanceOf: UsageError});
		t.true(error.message.startsWith(`${file} is no record of this version: `), error.message);
	}
});

test('a directory belongs to one matrix, one shard and one version', async (t) => {
	const {path: directory, cleanup} = await dir({unsafeCleanup: true, prefix: 'bootwright-test-'});
	t.teardown(cleanup);
	const wanted = {version: '0.1.0', matrix: matrixOf(text), shard: '1/2'};
	await openMatrixFolder(directory, wanted);
	await t.notThrowsAsync(openMatrixFolder(directory, wanted));
	await t.throwsAsync(openMatrixFolder(directory, {...wanted, shard: '2/2'}), {message: /holds shard 1\/2$/v});
	for (const change of [{matrix: matrixOf('images: [ref:a]')}, {version: '0.2.0'}]) {
		await t.throwsAsync(openMatrixFolder(directory, {...wanted, ...change}), {
			instanceOf: UsageError,
			message: /holds another matrix/v,
		});
	}
});
