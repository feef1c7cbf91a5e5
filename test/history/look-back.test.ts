import test from 'ava';
import {type Compared} from '../../harness/core/changes.ts';
import {appendRun} from '../../harness/history/append-run.ts';
import {writeHistory} from '../../harness/history/history-file.ts';
import {type HistoryRun} from '../../harness/history/history-run.ts';
import {lookBack} from '../../harness/history/look-back.ts';
import {type State, openState, runNumber} from './_history.ts';

/** What the history says of a run that comes after others. */
const after = (env: State, others: readonly HistoryRun[], run: HistoryRun): Compared => {
	for (const one of others) {
		appendRun(one, env);
	}

	return writeHistory(env, (database) => lookBack(database, run));
};

const series = (count: number, changes: Partial<HistoryRun> = {}): readonly HistoryRun[] =>
	Array.from({length: count}, (_, index) => runNumber(index, changes));

const failing: Partial<HistoryRun> = {
	exitCode: 1,
	verdicts: [
		{id: 'hw.net.gro4', verdict: 'fail', judged: true},
		{id: 'hw.scsi.spc4', verdict: 'pass', judged: true},
	],
};

test('the first run has nothing to be compared with', async (t) => {
	const {since, rows, flaky, figures, trends} = after(await openState(t), [], runNumber(1));
	t.is(since, null);
	t.deepEqual([rows.newlyFailing, rows.newRows, flaky, figures, trends], [[], [], [], [], []]);
});

test('newly failing and newly passing, against the last run of the same cell', async (t) => {
	const env = await openState(t);
	const cell = 'debian-12.gce.auto.all';
	const others = [
		...series(2, {cell}),
		// Of the same night: another cell of the same image, and a try in which the host failed.
		runNumber(2, {cell: 'debian-12.gce.auto.quick', ...failing}),
		runNumber(3, {cell, ...failing, exitCode: 4}),
	];
	const {since, rows} = after(env, others, runNumber(4, {cell, ...failing}));
	t.deepEqual(since, {at: Date.parse(runNumber(1).startedAt), exitCode: 0});
	t.deepEqual(rows.newlyFailing, [{id: 'hw.net.gro4', before: 'pass', after: 'fail'}]);
	const mended = after(env, [runNumber(4, {cell, ...failing})], runNumber(5, {cell}));
	t.deepEqual(mended.rows.newlyPassing, [{id: 'hw.net.gro4', before: 'fail', after: 'pass'}]);
	t.deepEqual(mended.rows.newlyFailing, []);
});

test('a guest that comes up no more is a row of its own', async (t) => {
	const dead = runNumber(2, {exitCode: 3, verdicts: [{id: 'hw.scsi.spc4', verdict: 'skip', judged: false}]});
	const {rows} = after(await openState(t), series(2), dead);
	t.deepEqual(rows.newlyFailing, [{id: 'run', before: 'pass', after: 'fail'}]);
	t.deepEqual(
		rows.otherChanges.map(({id}) => id),
		['hw.scsi.spc4'],
	);
});

test('flaky: with the rate, on the digest of this run alone', async (t) => {
	const others = [
		...series(3),
		runNumber(3, failing),
		runNumber(4, {sha256: 'cd'.repeat(32)}),
		runNumber(5, {...failing, sha256: 'cd'.repeat(32)}),
	];
	const {flaky} = after(await openState(t), others, runNumber(6));
	t.deepEqual(flaky, [{id: 'hw.net.gro4', sha256: 'ab'.repeat(32), bad: 1, runs: 5}]);
	// What broke and stays broken, or was mended, is no news of this kind.
	const broken = [runNumber(3, failing), runNumber(4, failing)];
	t.deepEqual(after(await openState(t), [...series(3), ...broken], runNumber(5, failing)).flaky, []);
	t.deepEqual(after(await openState(t), broken, runNumber(5)).flaky, []);
});

test('what is beyond noise, and nothing else; not on another class of hosts', async (t) => {
	const slow = runNumber(13, {phases: [{name: 'access', ms: 60_000}]});
	const {figures} = after(await openState(t), series(12), slow);
	t.deepEqual(
		figures.map(({id, change, before, after: now}) => [id, change, before, now]),
		[['access', 'slower', 20_610, 60_000]],
	);
	const host = {...slow.host, processor: 'another'};
	t.deepEqual(after(await openState(t), series(12), {...slow, host}).figures, []);
});

test('trends: the oldest first, this run last, a boot once, with its noise', async (t) => {
	const [first] = series(1);
	const others = [
		...series(12),
		// A copy of the machine that run 11 booted, and another way in.
		runNumber(12, {phases: runNumber(11).phases}),
		runNumber(13, {access: 'shell'}),
	];
	const {trends} = after(await openState(t), others, runNumber(20));
	t.deepEqual(
		trends.map(({kind, id, points}) => [kind, id, points.length]),
		[
			['phase', 'firmware', 13],
			['phase', 'kernel', 13],
			['phase', 'access', 13],
			['measurement', 'throughput.gro4 wall-ratio', 15],
		],
	);
	const access = trends[2]!;
	t.deepEqual(access.points[0], {at: Date.parse(first!.startedAt), value: 20_500});
	t.deepEqual(access.points.at(-1), {at: Date.parse(runNumber(20).startedAt), value: 20_700});
	t.is(access.noise?.runs, 12);
	// The first of many are left out.
	const long = after(await openState(t), series(60), runNumber(60));
	t.true(long.trends.every(({points}) => points.length === 50));
	t.is(long.trends[0]?.points.at(-1)?.at, Date.parse(runNumber(60).startedAt));
});
