import test from 'ava';
import {tapCounter} from './tap-counter.ts';

const read = (text: string) => {
	const shown: string[] = [];
	const counter = tapCounter((line) => void shown.push(line));
	for (const line of text.split('\n')) {
		counter.line(line);
	}

	return {...counter.counts(), failures: counter.failures(), shown};
};

test('passed and failed are counted, and only the evidence of failures is shown', (t) => {
	t.deepEqual(
		read(
			[
				'TAP version 13',
				'ok 1 - a › works',
				'not ok 2 - a › breaks',
				'  ---',
				'    message: wrong',
				'  ...',
				'ok 3 - a › skipped # SKIP',
				'not ok 4 - a › later # TODO',
				'    # noise of a test',
				'not ok 5 - b exited due to SIGKILL',
				'1..5',
				'# tests 4',
				'# pass 1',
				'# fail 2',
			].join('\n'),
		),
		{
			passed: 1,
			failed: 2,
			failures: ['a › breaks', 'b exited due to SIGKILL'],
			shown: ['not ok 2 - a › breaks', '  ---', '    message: wrong', '  ...', 'not ok 5 - b exited due to SIGKILL'],
		},
	);
});
