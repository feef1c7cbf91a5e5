import {readFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {dir} from 'tmp-promise';
import {writeReportFiles} from '../../../harness/report/files/report-files.ts';
import {start} from '../example-run.ts';

test('what is no file is written once, at the end', async (t) => {
	const {path: directory, cleanup} = await dir({unsafeCleanup: true, prefix: 'bootwright-test-'});
	t.teardown(cleanup);
	const [fifo, file] = [path.join(directory, 'fifo'), path.join(directory, 'x.tap')];
	await execa('mkfifo', [fifo]);
	const runs = [[start()]];
	const read = readFile(fifo, 'utf8');
	for (const more of [true, true, false]) {
		await writeReportFiles({tap: fifo}, runs, {more});
		await writeReportFiles({tap: file}, runs, {more});
		t.regex(await readFile(file, 'utf8'), /^TAP version 14\n/v);
	}

	t.is(await read, await readFile(file, 'utf8'));
});
