import {chmod, mkdir, rename, rm, symlink, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
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
import {type Watched} from '../../../harness/runner/loop/watch-points.ts';
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

/** A folder, and the wait for a change of what is in it. */
const openFolder = async (t: ExecutionContext) => {
	const {path: directory, cleanup} = await dir({unsafeCleanup: true, prefix: 'bootwright-test-'});
	t.teardown(cleanup);
	const stop = new AbortController();
	t.teardown(() => stop.abort(new Error('the test is over')));
	return {
		directory,
		change: async (watched: Partial<Watched>) => {
			const whole = {files: [], folders: [], ...watched};
			const changed = nextChange(whole, await stampsOf(whole), stop.signal);
			changed.catch(() => undefined);
			// It watches by now.
			await pollPause(100);
			return {changed};
		},
	};
};

test('a file that is written to, and one that another takes the place of, is a change; its neighbour is none', async (t) => {
	const {directory, change} = await openFolder(t);
	const [kernel, neighbour] = [path.join(directory, 'bzImage'), path.join(directory, 'vmlinux')];
	await writeFile(kernel, 'one');
	const written = await change({files: [kernel]});
	await writeFile(neighbour, 'x');
	// Longer than a burst: were the neighbour one of the files, the wait would be over.
	await pollPause(500);
	await writeFile(kernel, 'two');
	t.deepEqual(await written.changed, [kernel]);
	const replaced = await change({files: [kernel]});
	await writeFile(`${kernel}.new`, 'three');
	await rename(`${kernel}.new`, kernel);
	t.deepEqual(await replaced.changed, [kernel]);
	// While something else was done.
	const watched = {files: [kernel, '/nowhere/at/all'], folders: []};
	const stamps = await stampsOf(watched);
	await writeFile(kernel, 'changed meanwhile');
	t.deepEqual(await nextChange(watched, stamps, new AbortController().signal), [kernel]);
});

test('a file in a folder that is still to be made, and one whose folder another takes the place of', async (t) => {
	const {directory, change} = await openFolder(t);
	const folder = path.join(directory, 'arch/boot');
	const kernel = path.join(folder, 'bzImage');
	const made = await change({files: [kernel]});
	await mkdir(path.join(directory, 'arch'));
	// One folder at a time, as a build makes them.
	await pollPause(500);
	await mkdir(folder);
	await pollPause(500);
	await writeFile(kernel, 'one');
	t.deepEqual(await made.changed, [kernel]);
	const moved = await change({files: [kernel]});
	await rename(folder, `${folder}.old`);
	await mkdir(folder);
	await writeFile(kernel, 'two');
	t.deepEqual(await moved.changed, [kernel]);
});

test('behind a link: the file that it names is written to, and another is named', async (t) => {
	const {directory, change} = await openFolder(t);
	const link = path.join(directory, 'bzImage');
	await mkdir(path.join(directory, 'v1'));
	await mkdir(path.join(directory, 'v2'));
	await symlink('v1', path.join(directory, 'current'));
	await writeFile(path.join(directory, 'v1/bzImage'), 'one');
	await writeFile(path.join(directory, 'v2/bzImage'), 'of the second');
	await symlink('current/bzImage', link);
	const written = await change({files: [link]});
	await writeFile(path.join(directory, 'v1/new'), 'two');
	await rename(path.join(directory, 'v1/new'), path.join(directory, 'v1/bzImage'));
	t.deepEqual(await written.changed, [link]);
	const named = await change({files: [link]});
	await symlink('v2', path.join(directory, 'next'));
	await rename(path.join(directory, 'next'), path.join(directory, 'current'));
	t.deepEqual(await named.changed, [link]);
});

test('what changes no file is waited through', async (t) => {
	const {directory, change} = await openFolder(t);
	const kernel = path.join(directory, 'bzImage');
	await writeFile(kernel, 'one');
	const {changed} = await change({files: [kernel]});
	await chmod(kernel, 0o600);
	await pollPause(500);
	await writeFile(kernel, 'two');
	t.deepEqual(await changed, [kernel]);
});

test('of a folder, every file in it counts, also in folders that come', async (t) => {
	const {directory, change} = await openFolder(t);
	const modules = path.join(directory, 'modules');
	await mkdir(path.join(modules, '6.1/kernel'), {recursive: true});
	const old = path.join(modules, '6.1/kernel/a.ko');
	await writeFile(old, 'a');
	const written = await change({folders: [modules]});
	await writeFile(old, 'changed');
	t.deepEqual(await written.changed, [old]);
	const come = await change({folders: [modules]});
	await rm(path.join(modules, '6.1'), {recursive: true});
	await mkdir(path.join(modules, '6.2'));
	const young = path.join(modules, '6.2/b.ko');
	await writeFile(young, 'b');
	t.deepEqual(await come.changed, [old, young]);
});

test('waiting for a change ends with the signal', async (t) => {
	const stop = new AbortController();
	const watched = {files: [path.join(import.meta.dirname, 'nothing')], folders: []};
	const waiting = nextChange(watched, await stampsOf(watched), stop.signal);
	await pollPause(10);
	stop.abort(new InterruptedError('SIGINT'));
	await t.throwsAsync(waiting, {instanceOf: InterruptedError});
});
