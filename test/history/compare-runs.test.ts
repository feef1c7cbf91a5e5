import {writeFile} from 'node:fs/promises';
import test from 'ava';
import {appendRun} from '../../harness/history/append-run.ts';
import {compareRuns} from '../../harness/history/compare-runs.ts';
import {historyFile} from '../../harness/history/history-file.ts';
import {type HistoryRun} from '../../harness/history/history-run.ts';
import {resultOf} from '../../harness/report/result.ts';
import {type RunResult} from '../../harness/report/result-schema.ts';
import {start} from '../report/example-run.ts';
import {type State, openState, runNumber} from './_history.ts';

/** The result file of a run that the history has. */
const resultFor = (run: HistoryRun): RunResult => {
	const result = resultOf([start()]);
	return {
		...result,
		startedAt: run.startedAt,
		artifacts: {...result.artifacts, directory: run.directory},
		access: {method: 'metadata', tried: []},
		phases: run.phases,
		measurements: run.measurements.map((figure) => ({...figure, samples: []})),
	};
};

const slow = (index: number): HistoryRun =>
	runNumber(index, {
		phases: [
			{name: 'firmware', ms: 812.4},
			{name: 'kernel', ms: 4890},
			{name: 'access', ms: 60_000},
		],
		measurements: [{id: 'throughput.gro4', metric: 'wall-ratio', value: 0.5, ci95: [0.4, 0.6]}],
	});

/** Compares two runs after a history of others. */
const compareAfter = (
	env: State,
	others: readonly HistoryRun[],
	[before, after]: readonly [HistoryRun, HistoryRun],
): readonly [changes: readonly string[], noise: object] => {
	for (const run of [...others, before, after]) {
		appendRun(run, env);
	}

	const {figures, noise} = compareRuns(resultFor(before), resultFor(after), env);
	return [figures.map(({id, change}) => `${id}: ${change}`), noise];
};

const series = (count: number): readonly HistoryRun[] => Array.from({length: count}, (_, index) => runNumber(index));

test('slower and lower beyond the noise of earlier runs; what all have in common has no noise', async (t) => {
	t.deepEqual(compareAfter(await openState(t), series(12), [runNumber(12), slow(13)]), [
		['firmware: unknown', 'kernel: within-noise', 'access: slower', 'throughput.gro4 wall-ratio: lower'],
		{runs: 13, unknown: null},
	]);
});

test('faster and higher; and A alone was odd', async (t) => {
	const fast = runNumber(13, {
		phases: [{name: 'access', ms: 5000}],
		measurements: [{id: 'throughput.gro4', metric: 'wall-ratio', value: 9, ci95: [8, 10]}],
	});
	const [changes] = compareAfter(await openState(t), series(12), [runNumber(12), fast]);
	t.deepEqual(changes, ['access: faster', 'throughput.gro4 wall-ratio: higher']);
	const [odd] = compareAfter(await openState(t), series(12), [slow(12), runNumber(13)]);
	t.deepEqual(odd.slice(1), [
		'kernel: within-noise',
		'access: within-noise',
		'throughput.gro4 wall-ratio: within-noise',
	]);
});

test('too few earlier runs: the difference is not judged', async (t) => {
	const [changes] = compareAfter(await openState(t), series(8), [runNumber(8), slow(9)]);
	t.true(changes.every((change) => change.endsWith(': unknown')));
	t.is(changes.length, 4);
});

test('copies of one boot are one boot: between themselves, and as a measure of noise', async (t) => {
	const {phases} = runNumber(0);
	const copies = series(12).map((run) => ({...run, phases}));
	const copy = runNumber(12, {phases});
	const [same] = compareAfter(await openState(t), copies, [copy, runNumber(13, {phases})]);
	t.deepEqual(same, ['throughput.gro4 wall-ratio: within-noise']);
	// Nine boots are too few, however often one of them is told.
	const nine = [...series(9), ...copies.slice(9)];
	const [other] = compareAfter(await openState(t), nine, [copy, slow(13)]);
	t.deepEqual(other.slice(0, 3), ['firmware: unknown', 'kernel: unknown', 'access: unknown']);
});

test('times by another way in are not judged; ratios are', async (t) => {
	const others = series(12).map((run) => ({...run, access: 'shell'}));
	const [changes] = compareAfter(await openState(t), others, [runNumber(12), slow(13)]);
	t.deepEqual(changes.slice(2), ['access: unknown', 'throughput.gro4 wall-ratio: lower']);
});

test('noise is unknown where a run is not in the history, or was of another class', async (t) => {
	const env = await openState(t);
	const [a, b, elsewhere] = [
		runNumber(1),
		runNumber(2),
		runNumber(3, {host: {processor: 'Intel Xeon', processors: 2, qemu: '10.0.2'}}),
	];
	const unknown = (before: HistoryRun, after: HistoryRun) =>
		compareRuns(resultFor(before), resultFor(after), env).noise.unknown;
	t.is(unknown(a, b), 'neither run is in the history of this host');
	appendRun(a, env);
	t.is(unknown(a, b), 'B is not in the history of this host');
	t.is(unknown(b, a), 'A is not in the history of this host');
	appendRun(elsewhere, env);
	t.is(unknown(a, elsewhere), 'the runs differ in profile, accelerator or host class');
	appendRun(b, env);
	t.is(unknown(a, b), null);
});

test('a broken history leaves the noise unknown, and the rows as they are', async (t) => {
	const env = await openState(t);
	appendRun(runNumber(1), env);
	await writeFile(historyFile(env), 'x'.repeat(8192));
	const {noise, newlyFailing} = compareRuns(resultFor(runNumber(1)), resultFor(runNumber(2)), env);
	t.deepEqual(noise, {runs: 0, unknown: `The history ${historyFile(env)} cannot be used: file is not a database`});
	t.deepEqual(newlyFailing, []);
});
