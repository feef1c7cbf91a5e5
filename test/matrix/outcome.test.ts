import test from 'ava';
import {dir} from 'tmp-promise';
import {type RunEvent} from '../../harness/core/events.ts';
import {goneIssues, missingOutcome, outcomeOf} from '../../harness/matrix/outcome.ts';
import {stateOf} from '../../harness/matrix/report/cell-state.ts';
import {type CellRecord} from '../../harness/matrix/records.ts';
import {judged, passed, start} from '../report/example-run.ts';
import {leaveCell, matrixOf, recordOf} from './_matrix.ts';
import {cellsOf} from '../../harness/matrix/cells.ts';

const matrix = matrixOf(`images: [ref:a, ref:b]
known:
  - {id: bug, match: {image: ref:a}, rows: [hw.*], reason: the driver is old, link: 'https://tracker.test/1', until: 2026-11-30}
  - {id: panics, match: {image: ref:b}, rows: [run], reason: no driver, until: 2026-11-30}`);
const [first, second] = cellsOf(matrix);
const at = start().at;
const begun = start({requirements: ['hw.a', 'kernel.b']});
const ended: RunEvent = {type: 'run-finished', at, durationMs: 1, exitCode: 0};
const failing = (id: string): RunEvent => judged(id, {verdict: 'fail', reason: 'wrong', evidence: []});
const panic: RunEvent = {type: 'guest-failed', at, failure: 'panic', message: 'it panicked', hint: undefined};

const outcome = async (
	events: readonly RunEvent[],
	{today = '2026-11-27', record = recordOf(first!)}: {today?: string; record?: CellRecord} = {},
) => {
	const {path: directory, cleanup} = await dir({unsafeCleanup: true, prefix: 'bootwright-test-'});
	await leaveCell(directory, record, events);
	const seen = await outcomeOf(record, {directory, known: matrix.known, today});
	await cleanup();
	return seen;
};

test('a failure that is known is told, and does not count', async (t) => {
	const seen = await outcome([begun, failing('hw.a'), passed('kernel.b'), ended]);
	t.is(seen.exitCode, 0);
	t.is(stateOf(seen), 'skip');
	t.like(seen.run.rows[0], {
		verdict: 'skip',
		reason: 'known as bug until 2026-11-30 (the driver is old, https://tracker.test/1): wrong',
	});
	t.deepEqual(goneIssues(matrix.known, [seen]), []);
});

test('on its last day it is known, and on the next it fails again', async (t) => {
	const events = [begun, failing('hw.a'), passed('kernel.b'), ended];
	t.is((await outcome(events, {today: '2026-11-30'})).exitCode, 0);
	const late = await outcome(events, {today: '2026-12-01'});
	t.is(late.exitCode, 1);
	t.regex(late.run.rows[0]?.reason ?? '', /^known as bug until 2026-11-30, which is over/v);
});

test('nothing else is covered by it: another row, an error, another image', async (t) => {
	t.is((await outcome([begun, passed('hw.a'), failing('kernel.b'), ended])).exitCode, 1);
	const error = judged('hw.a', {verdict: 'error', reason: 'no answer', evidence: []});
	t.is((await outcome([begun, error, passed('kernel.b'), ended])).exitCode, 4);
	const record = recordOf(second!);
	t.is((await outcome([begun, failing('hw.a'), passed('kernel.b'), ended], {record})).exitCode, 1);
});

test('one that no longer happens is named; not where the run broke off, or the cell was not run', async (t) => {
	const well = await outcome([begun, passed('hw.a'), passed('kernel.b'), ended]);
	t.deepEqual(
		goneIssues(matrix.known, [well]).map(({id}) => id),
		['bug'],
	);
	const broken = await outcome([begun, passed('hw.a')]);
	t.is(broken.exitCode, 4);
	t.deepEqual(goneIssues(matrix.known, [broken]), []);
	t.deepEqual(goneIssues(matrix.known, []), []);
	t.deepEqual(goneIssues(matrix.known, [missingOutcome(first!, 'nobody has run it')]), []);
});

test('a guest that is known not to come up', async (t) => {
	const known = await outcome([begun, panic, ended], {record: recordOf(second!, {exitCode: 3})});
	t.is(known.exitCode, 0);
	t.deepEqual(known.run.notes, ['known as panics until 2026-11-30 (no driver): it panicked']);
	const unknown = await outcome([begun, panic, ended], {record: recordOf(first!, {exitCode: 3})});
	t.is(unknown.exitCode, 3);
	t.is(stateOf(unknown), 'fail');
});

test('a run that never began says why', async (t) => {
	const usage = await outcome([], {
		record: recordOf(first!, {run: null, exitCode: 2, words: 'bootwright: x.raw does not exist\n'}),
	});
	t.is(usage.exitCode, 2);
	t.is(usage.run.runFailure?.code, 'usage');
	t.is(stateOf(usage), 'error');
	t.is(usage.run.runFailure?.message, 'no run was begun: bootwright: x.raw does not exist');
	t.is(missingOutcome(first!, 'nobody has run it').exitCode, 4);
});

test('what a cell said that could not begin is one line, without a semicolon behind a full stop', async (t) => {
	const words = 'bootwright: There is no image "x".\n  Images: a, b\n\nbootwright: no QEMU\n  Install it\n';
	const seen = await outcome([], {record: recordOf(first!, {run: null, exitCode: 2, words})});
	t.is(seen.exitCode, 2);
	t.is(
		seen.run.runFailure?.message,
		'no run was begun: bootwright: There is no image "x". Images: a, b; bootwright: no QEMU; Install it',
	);
});
