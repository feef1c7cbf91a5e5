import {rename, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {dir} from 'tmp-promise';
import {pollPause} from '../../../harness/core/clock.ts';
import {type GuestFailure, InterruptedError} from '../../../harness/core/errors.ts';
import {type RunEvent} from '../../../harness/core/events.ts';
import {type Judgement, type Verdict} from '../../../harness/core/verdict.ts';
import {resultOf} from '../../../harness/report/result.ts';
import {bisectCode} from '../../../harness/runner/loop/bisect-code.ts';
import {changesBetween} from '../../../harness/runner/loop/changes.ts';
import {repeatLines} from '../../../harness/runner/loop/repeats.ts';
import {nextChange, stampsOf} from '../../../harness/runner/loop/watch-files.ts';
import {judged, start} from '../../report/example-run.ts';

test('git bisect run: good, bad, or passed over', (t) => {
	const codes = [0, 1, 3, 2, 4, 5, 130];
	t.deepEqual(codes.map(bisectCode), [0, 1, 1, 125, 125, 125, 130]);
});

test('what became of the rows: changed, new, gone', (t) => {
	const before = new Map(Object.entries({a: 'pass', b: 'pass', c: 'fail'}));
	const after = new Map(Object.entries({a: 'pass', b: 'fail', d: 'skip'}));
	t.deepEqual(changesBetween(before, after), ['b: pass → fail', 'd: not judged → skip', 'c: fail → not judged']);
	t.deepEqual(changesBetween(before, before), []);
});

const ids = ['steady', 'flaky', 'bad'];

/** A run that gave the three rows these verdicts, or ended before. */
const ran = (verdicts: readonly Verdict[], ...end: readonly RunEvent[]) =>
	resultOf([
		start({requirements: ids}),
		...verdicts.map((verdict, index) => judged(ids[index] ?? '', {verdict, reason: '', evidence: []} as Judgement)),
		...end,
	]);
const guestFailed = (failure: GuestFailure) =>
	({type: 'guest-failed', at: 1, failure, message: '', hint: undefined}) as const;

test('repeats tell of rows that were bad, or came out in two ways', (t) => {
	const rounds = [ran(['pass', 'pass', 'fail']), ran(['pass', 'fail', 'fail']), ran(['pass', 'pass', 'error'])];
	t.deepEqual(repeatLines(rounds.map((one) => [one])), [
		'flaky: bad in 1 of 3 runs (95 %: 6 to 79 %); fail 1, pass 2',
		'bad: bad in 3 of 3 runs (95 %: 44 to 100 %); error 1, fail 2',
	]);
	t.deepEqual(repeatLines([[ran(['pass', 'pass', 'pass'])]]), []);
	t.deepEqual(repeatLines([[ran(['pass', 'pass', 'fail'])], [ran(['pass', 'pass', 'fail'])]]), [
		'bad: bad in 2 of 2 runs (95 %: 34 to 100 %); fail 2',
	]);
});

test('repeats tell how often the guest failed, and how; what the host ended says nothing of it, nor do rows that nobody saw', (t) => {
	const rounds = [
		ran(['pass', 'pass', 'pass']),
		ran([], guestFailed('panic')),
		ran(['pass', 'fail'], guestFailed('hang')),
		ran([], guestFailed('panic')),
		ran(['pass'], {type: 'run-failed', at: 1, code: 'host', message: '', hint: undefined, exitCode: 4}),
	];
	t.deepEqual(repeatLines(rounds.map((one) => [one])), [
		'the guest failed in 3 of 4 runs (95 %: 30 to 95 %); hang 1, panic 2',
		'the run itself failed in 1 of 5 runs (95 %: 4 to 62 %); host 1',
		'flaky: bad in 1 of 2 runs (95 %: 9 to 91 %); fail 1, pass 1',
	]);
	const good = ran(['pass', 'pass', 'pass']);
	const other = {...ran([], guestFailed('panic')), image: {path: 'b.raw', bytes: 1, sha256: null}};
	t.deepEqual(repeatLines([[good, other]]), ['b.raw the guest failed in 1 of 1 runs (95 %: 21 to 100 %); panic 1']);
});

test('a file that is written to, and one that another takes the place of, is a change; its neighbour is none', async (t) => {
	const {path: directory, cleanup} = await dir({unsafeCleanup: true, prefix: 'bootwright-test-'});
	t.teardown(cleanup);
	const [kernel, neighbour] = [path.join(directory, 'bzImage'), path.join(directory, 'vmlinux')];
	await writeFile(kernel, 'one');
	const {signal} = new AbortController();
	const written = nextChange(await stampsOf([kernel]), signal);
	await writeFile(neighbour, 'x');
	// Longer than a burst: were the neighbour one of the files, the wait would be over.
	await pollPause(500);
	await writeFile(kernel, 'two');
	t.deepEqual(await written, [kernel]);
	const replaced = nextChange(await stampsOf([kernel]), signal);
	await writeFile(`${kernel}.new`, 'three');
	await rename(`${kernel}.new`, kernel);
	t.deepEqual(await replaced, [kernel]);
	// While something else was done.
	const stamps = await stampsOf([kernel, '/nowhere/at/all']);
	await writeFile(kernel, 'changed meanwhile');
	t.deepEqual(await nextChange(stamps, signal), [kernel]);
});

test('waiting for a change ends with the signal', async (t) => {
	const stop = new AbortController();
	const waiting = nextChange(await stampsOf([path.join(import.meta.dirname, 'nothing')]), stop.signal);
	await pollPause(10);
	stop.abort(new InterruptedError('SIGINT'));
	await t.throwsAsync(waiting, {instanceOf: InterruptedError});
});
