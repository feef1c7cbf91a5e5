import test from 'ava';
import {dir} from 'tmp-promise';
import {outcomeOf} from '../../harness/matrix/outcome.ts';
import {isFinished, readRecord} from '../../harness/matrix/records.ts';
import {runCell} from '../../harness/matrix/run-cell.ts';
import {cellsIn} from './_matrix.ts';

const [cell] = cellsIn('images: [ref:probe]');

test('a cell on which the host fails is run twice, is no finding, and is not finished', async (t) => {
	const {path: directory, cleanup} = await dir({unsafeCleanup: true, prefix: 'bootwright-test-'});
	t.teardown(cleanup);
	const {signal} = new AbortController();
	const env = {PATH: process.env['PATH'], HOME: directory, BOOTWRIGHT_QEMU: '/nonexistent/qemu-system-x86_64'};
	const record = await runCell(cell!, {directory, version: '0.1.0', history: true, env, signal});
	t.like(record, {exitCode: 4, attempts: 2, run: null});
	t.deepEqual(await readRecord(directory, cell!.id), record);
	t.false(isFinished(record, {cell: cell!, version: '0.1.0', stamp: null}));
	const outcome = await outcomeOf(record, {directory, known: [], today: '2026-11-27'});
	t.is(outcome.exitCode, 4);
	t.regex(
		outcome.run.runFailure?.message ?? '',
		/^no run was begun: .*\/nonexistent\/qemu-system-x86_64 was not found/v,
	);
});

test('a cell that is interrupted leaves no record', async (t) => {
	const {path: directory, cleanup} = await dir({unsafeCleanup: true, prefix: 'bootwright-test-'});
	t.teardown(cleanup);
	const stop = new AbortController();
	const running = runCell(cell!, {directory, version: '0.1.0', history: true, env: process.env, signal: stop.signal});
	stop.abort(new Error('interrupted'));
	await t.throwsAsync(running, {message: 'interrupted'});
	t.is(await readRecord(directory, cell!.id), undefined);
});
