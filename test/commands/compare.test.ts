import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {execa} from 'execa';
import {type RunEvent} from '../../harness/core/events.ts';
import {appendRun} from '../../harness/history/append-run.ts';
import {type HistoryRun, historyRunOf} from '../../harness/history/history-run.ts';
import {exampleRun, judged, passed, start} from '../report/example-run.ts';
import {type State, openState} from '../history/_history.ts';

const program = path.resolve(import.meta.dirname, '../../harness/bootwright.js');
const bootwright = async (env: State, ...args: readonly string[]) =>
	execa(process.execPath, [program, ...args], {reject: false, env: {...env, NO_COLOR: '1'}});

/** The example, started so many hours later, with changes. */
const runAfter = (hours: number, {accessMs = 20_500, more = []}: {accessMs?: number; more?: readonly RunEvent[]}) => {
	const [, ...events] = exampleRun;
	const at = start().at + hours * 3_600_000;
	return [
		start({at, artifacts: `/runs/${hours}`}),
		...events.map((event) =>
			event.type === 'phase-reached' && event.phase === 'access' ? {...event, ms: accessMs} : event,
		),
		...more,
	];
};

const keep = (events: readonly RunEvent[], env: State): HistoryRun => {
	const run = historyRunOf(events)!;
	appendRun(run, env);
	return run;
};

/** A log of each run, beside the history. */
const logs = async (t: ExecutionContext, env: State, runs: ReadonlyArray<readonly RunEvent[]>) => {
	t.timeout(120_000);
	return Promise.all(
		runs.map(async (events, index) => {
			const file = path.join(env.XDG_STATE_HOME, `${index}.jsonl`);
			const finished = {type: 'run-finished', at: 0, durationMs: 1, exitCode: 1};
			await writeFile(file, [...events, finished].map((event) => `${JSON.stringify(event)}\n`).join(''));
			return file;
		}),
	);
};

const broken = judged('hw.scsi.spc4', {verdict: 'fail', reason: 'it is 5', evidence: []});

test('rows, a flaky one, and a boot that took longer than ever', async (t) => {
	const env = await openState(t);
	for (let hour = 0; hour < 12; hour++) {
		keep(runAfter(hour, {accessMs: 20_000 + 100 * hour, more: hour === 3 ? [broken] : []}), env);
	}

	const [before, after] = [
		runAfter(12, {accessMs: 20_650}),
		runAfter(13, {accessMs: 52_000, more: [broken, passed('hw.scsi.block-size')]}),
	];
	keep(before, env);
	keep(after, env);
	const [a, b] = (await logs(t, env, [before, after])) as [string, string];
	const {stdout, stderr, exitCode} = await bootwright(env, 'compare', a, b);
	t.is(stderr, '');
	t.is(exitCode, 1);
	t.is(
		stdout,
		`A  image.raw · 2026-01-02T15:04:05.000Z · exit code 1 · /runs/12
B  image.raw · 2026-01-02T16:04:05.000Z · exit code 1 · /runs/13

Newly failing
✖ hw.scsi.spc4: pass → fail

Newly passing
✔ hw.scsi.block-size: fail → pass

Flaky: good and bad on one image
  hw.scsi.block-size: bad in 13 of 14 runs (95 %: 69 to 99 %)
  hw.scsi.spc4: bad in 2 of 14 runs (95 %: 4 to 40 %)

Beyond noise
  access: 21 s → 52 s (+152 %), slower: the median of 13 is 21 s, noise from 19
    s to 23 s

1 newly failing, 1 newly passing, 0 other changes · 2 flaky · 1 slower, 0 faster, 0 other figures beyond noise`,
	);
	// Nothing got worse of what was bad before.
	t.is((await bootwright(env, 'compare', a, a)).exitCode, 0);
	const {stdout: json} = await bootwright(env, 'compare', a, b, '--json');
	t.like(JSON.parse(json), {
		newlyFailing: [{id: 'hw.scsi.spc4', before: 'pass', after: 'fail'}],
		noise: {runs: 13, unknown: null},
	});
});

test('without a history: differences, and no judgement of them', async (t) => {
	const env = await openState(t);
	const [a, b] = (await logs(t, env, [runAfter(0, {}), runAfter(1, {accessMs: 52_000})])) as [string, string];
	const {stdout, exitCode} = await bootwright(env, 'compare', a, b);
	t.is(exitCode, 0);
	t.true(
		stdout.endsWith(`
Not judged: the noise is unknown
  It is told from runs of the same image, profile, accelerator and host class:
  neither run is in the history of this host.
  access: 21 s → 52 s (+154 %)

0 newly failing, 0 newly passing, 0 other changes · 0 flaky · 0 slower, 0 faster, 0 other figures beyond noise`),
		stdout,
	);
});

test('what is no run is a mistake on the command line', async (t) => {
	const env = await openState(t);
	const {stderr, exitCode} = await bootwright(env, 'compare', 'latest~1', 'latest');
	t.is(exitCode, 2);
	t.true(stderr.startsWith('bootwright: There is no run latest~1\n  Give the directory of a run'));
	t.is((await bootwright(env, 'compare', 'latest')).exitCode, 2);
});
