import test from 'ava';
import {type Verdict} from '../../harness/core/verdict.ts';
import {flakyRows} from '../../harness/history/flaky-rows.ts';
import {type HistoryRun} from '../../harness/history/history-run.ts';
import {runNumber} from './_history.ts';

const sha256 = 'ab'.repeat(32);

const withVerdicts = (verdicts: readonly Verdict[], changes: Partial<HistoryRun> = {}): readonly HistoryRun[] =>
	verdicts.map((verdict, index) =>
		runNumber(index, {verdicts: [{id: 'hw.net.gro4', verdict, judged: true}], ...changes}),
	);

test('good and bad on one image: with its rate; a skip is neither', (t) => {
	t.deepEqual(flakyRows(withVerdicts(['pass', 'fail', 'warn', 'skip', 'error'])), [
		{id: 'hw.net.gro4', sha256, bad: 2, runs: 4},
	]);
});

test('always good, always bad, now and then a warning: not flaky', (t) => {
	t.deepEqual(flakyRows(withVerdicts(['pass', 'warn', 'skip'])), []);
	t.deepEqual(flakyRows(withVerdicts(['fail', 'error', 'skip'])), []);
	t.deepEqual(flakyRows([]), []);
});

test('what explains another verdict makes no row flaky', (t) => {
	const good = withVerdicts(['pass', 'pass']);
	for (const changes of [
		{sha256: 'cd'.repeat(32)},
		{sha256: null},
		{profile: 'other'},
		{accelerator: 'kvm'},
		{host: {processor: 'Intel Xeon', processors: 2, qemu: '10.0.2'}},
	]) {
		t.deepEqual(flakyRows([...good, ...withVerdicts(['fail'], changes)]), []);
	}

	t.is(flakyRows([...good, ...withVerdicts(['fail'])]).length, 1);
});

test('a row that nobody came to judge says nothing', (t) => {
	const died = runNumber(9, {verdicts: [{id: 'hw.net.gro4', verdict: 'error', judged: false}]});
	t.deepEqual(flakyRows([...withVerdicts(['pass']), died]), []);
});
