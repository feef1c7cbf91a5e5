import {rename, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {dir} from 'tmp-promise';
import {pollPause} from '../../../harness/core/clock.ts';
import {InterruptedError} from '../../../harness/core/errors.ts';
import {bisectCode} from '../../../harness/runner/loop/bisect-code.ts';
import {changesBetween} from '../../../harness/runner/loop/changes.ts';
import {repeatLines} from '../../../harness/runner/loop/repeats.ts';
import {nextChange, stampsOf} from '../../../harness/runner/loop/watch-files.ts';

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

test('repeats tell of rows that were bad, or came out in two ways', (t) => {
	const rows = (...verdicts: readonly string[]) =>
		new Map(['steady', 'flaky', 'bad'].map((id, index) => [id, verdicts[index] ?? ''] as const));
	const runs = [rows('pass', 'pass', 'fail'), rows('pass', 'fail', 'fail'), rows('pass', 'pass', 'error')];
	t.deepEqual(repeatLines(runs), [
		'flaky: bad in 1 of 3 runs (95 %: 6 to 79 %); fail 1, pass 2',
		'bad: bad in 3 of 3 runs (95 %: 44 to 100 %); error 1, fail 2',
	]);
	t.deepEqual(repeatLines([rows('pass', 'pass', 'pass')]), []);
	t.deepEqual(repeatLines([rows('pass', 'pass', 'fail'), rows('pass', 'pass', 'fail')]), [
		'bad: bad in 2 of 2 runs (95 %: 34 to 100 %); fail 2',
	]);
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
