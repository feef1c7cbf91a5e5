import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {appendRun} from '../../harness/history/append-run.ts';
import {earlierRuns, findRun, newestRuns} from '../../harness/history/read-runs.ts';
import {openState, runNumber} from './_history.ts';

test('a run is read back as it was kept; once more is once', async (t) => {
	const env = await openState(t);
	const run = runNumber(1, {sha256: null, access: null});
	appendRun(run, env);
	appendRun({...run, exitCode: 1, verdicts: []}, env);
	t.deepEqual(newestRuns(env, {}), [run]);
	// The same directory, begun again.
	const again = {...run, startedAt: runNumber(2).startedAt};
	appendRun(again, env);
	t.deepEqual(newestRuns(env, {}), [again, run]);
	t.deepEqual(findRun(env, run), run);
	t.is(findRun(env, {directory: '/elsewhere', startedAt: run.startedAt}), undefined);
});

test('newest first, of one image or of all, so many', async (t) => {
	const env = await openState(t);
	const runs = [runNumber(1), runNumber(2, {image: 'other.raw'}), runNumber(3)];
	for (const run of runs.toReversed()) {
		appendRun(run, env);
	}

	t.deepEqual(newestRuns(env, {}), runs.toReversed());
	t.deepEqual(newestRuns(env, {image: 'other.raw'}), [runs[1]!]);
	t.deepEqual(newestRuns(env, {limit: 1}), [runs[2]!]);
});

test('earlier runs are those of the same image, profile, accelerator and host class', async (t) => {
	const env = await openState(t);
	const run = runNumber(5);
	const {host} = run;
	const alike = runNumber(1, {sha256: 'cd'.repeat(32), version: '0.0.9'});
	for (const other of [
		run,
		runNumber(6),
		runNumber(2, {image: 'other.raw'}),
		runNumber(2, {profile: 'other', directory: '/runs/profile'}),
		runNumber(2, {accelerator: 'kvm', directory: '/runs/accelerator'}),
		runNumber(2, {host: {...host, processor: 'Intel Xeon'}, directory: '/runs/processor'}),
		runNumber(2, {host: {...host, processors: 4}, directory: '/runs/processors'}),
		runNumber(2, {host: {...host, qemu: '10.1.0'}, directory: '/runs/qemu'}),
		alike,
	]) {
		appendRun(other, env);
	}

	t.is(newestRuns(env, {}).length, 9);
	t.deepEqual(earlierRuns(env, run), [alike]);
});

test('what is measured twice in a run counts with its last figure', async (t) => {
	const env = await openState(t);
	const [figure] = runNumber(1).measurements;
	appendRun(runNumber(1, {measurements: [figure!, {...figure!, value: 2}]}), env);
	t.deepEqual(newestRuns(env, {})[0]?.measurements, [{...figure!, value: 2}]);
});

test('two processes that append 200 runs at once, on no history, lose none', async (t) => {
	const env = await openState(t);
	const module = (file: string) => JSON.stringify(path.resolve(import.meta.dirname, file));
	const script = (from: number) => `
		import {appendRun} from ${module('../../harness/history/append-run.ts')};
		import {runNumber} from ${module('_history.ts')};
		for (let index = ${from}; index < ${from + 100}; index++) appendRun(runNumber(index), process.env);`;
	const ends = await Promise.all(
		[0, 100].map(async (from) =>
			execa(process.execPath, ['--input-type=module', '-e', script(from)], {env, reject: false}),
		),
	);
	t.deepEqual(
		ends.map(({exitCode, stderr}) => [exitCode, stderr]),
		[
			[0, ''],
			[0, ''],
		],
	);
	const runs = newestRuns(env, {limit: 1000});
	t.is(runs.length, 200);
	t.true(runs.every(({verdicts, phases}) => verdicts.length === 2 && phases.length === 3));
});
