import test from 'ava';
import {matrixProgress} from '../../../harness/matrix/report/matrix-progress.ts';

test('how many cells are finished, and which are at work since when', (t) => {
	const progress = matrixProgress(3, new Map([['b', 50_000]]));
	t.is(progress.text(0), '0 of 3 cells finished');
	progress.begins('a', 1000);
	progress.begins('b', 3000);
	t.is(progress.text(4000), '0 of 3 cells finished | a 3.0 s | b 1.0 s, usually 50 s');
	progress.ends('a');
	t.is(progress.text(5000), '1 of 3 cells finished | b 2.0 s, usually 50 s');
	progress.ends('b');
	// Finished by an earlier run of the matrix: it never began.
	progress.ends('c');
	t.is(progress.text(6000), '');
});
