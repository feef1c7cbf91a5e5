import {mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {appendRun} from '../../harness/history/append-run.ts';
import {historyFile} from '../../harness/history/history-file.ts';
import {type State, openState, runNumber} from '../history/_history.ts';

const program = path.resolve(import.meta.dirname, '../../harness/bootwright.js');
const history = async (env: State, ...args: readonly string[]) =>
	execa(process.execPath, [program, 'history', ...args], {reject: false, env: {...env, NO_COLOR: '1'}});

test('the last runs of an image, medians, and what is flaky', async (t) => {
	const env = await openState(t);
	const bad = runNumber(1, {exitCode: 1, verdicts: [{id: 'hw.net.gro4', verdict: 'fail', judged: true}]});
	for (const run of [runNumber(0), bad, runNumber(2), runNumber(3, {image: 'other.raw'})]) {
		appendRun(run, env);
	}

	const {stdout, stderr, exitCode} = await history(env, 'ref:debian-12');
	t.deepEqual([exitCode, stderr], [0, '']);
	t.is(
		stdout,
		`ref:debian-12
gce · tcg · 2 × AMD EPYC · QEMU 10.0.2

  3 runs; exit code 0: 2, exit code 1: 1
  median of 3 boots: firmware 0.8 s · kernel 4.9 s · access 21 s
  flaky: hw.net.gro4, bad in 1 of 3 runs (95 %: 6 to 79 %) of abababababab

  2026-01-02 02:00  0  2 passed  /runs/2
  2026-01-02 01:00  1  1 failed  /runs/1
  2026-01-02 00:00  0  2 passed  /runs/0`,
	);
	t.true((await history(env)).stdout.startsWith('other.raw\n'));
	const {stdout: json} = await history(env, '--json');
	const {file, classes} = JSON.parse(json) as {file: string; classes: ReadonlyArray<{image: string}>};
	t.is(file, historyFile(env));
	t.deepEqual(
		classes.map(({image}) => image),
		['other.raw', 'ref:debian-12'],
	);
	t.like(classes[1], {
		boots: 3,
		flaky: [{id: 'hw.net.gro4', bad: 1, runs: 3}],
		runs: [runNumber(2), bad, runNumber(0)],
	});
});

test('no run yet', async (t) => {
	const env = await openState(t);
	const {stdout, exitCode} = await history(env, 'a.raw');
	t.is(stdout, `No run of a.raw is in the history ${historyFile(env)}`);
	t.is(exitCode, 0);
});

test('a broken history is the host’s failure', async (t) => {
	const env = await openState(t);
	await mkdir(path.dirname(historyFile(env)), {recursive: true});
	await writeFile(historyFile(env), 'x'.repeat(8192));
	const {stderr, exitCode} = await history(env);
	t.is(exitCode, 4);
	t.is(
		stderr,
		`bootwright: The history ${historyFile(env)} cannot be used: file is not a database
  Free its disk or mend its permissions; where it is broken, delete it: the next run begins a new one.`,
	);
});
