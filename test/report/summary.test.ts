import test from 'ava';
import {errorCount, summaryLine} from '../../harness/report/summary.ts';

test('one error is no plural', (t) => {
	t.deepEqual([0, 1, 2].map(errorCount), ['0 errors', '1 error', '2 errors']);
	const summary = {pass: 3, warn: 0, fail: 0, skip: 1, error: 1, durationMs: 1400};
	t.is(summaryLine(summary), '3 passed, 0 warned, 0 failed, 1 skipped, 1 error · 1 s');
});
