import test from 'ava';
import {formats} from '../../../harness/report/files/formats.ts';
import {exampleRun, judged, start} from '../example-run.ts';
import {hostileRun, panicked} from './_hostile-run.ts';

test('a run in Markdown', (t) => {
	t.snapshot(formats.markdown([exampleRun]));
	t.snapshot(formats.markdown([panicked]));
});

test('bytes of a guest mean nothing, and a guest that is wrong in every way makes no long summary', (t) => {
	const ids = Array.from({length: 500}, (_, index) => `custom.row-${index}`);
	const wrong = [
		start({requirements: ids}),
		...ids.map((id) => judged(id, {verdict: 'fail', reason: 'x'.repeat(5000), evidence: []})),
	];
	const text = formats.markdown([hostileRun, wrong]);
	t.true(text.length < 60_000, String(text.length));
	t.false(text.includes('<script'));
	t.notRegex(text, /(?<!\\)@everyone/);
	// A row of the table stays one: as many cells as its head.
	const rows = text.split('\n').filter((line) => line.startsWith('| `'));
	t.true(rows.length > 40);
	for (const line of rows) {
		t.is(line.split('|').length, 5, line);
	}

	t.regex(text, /\| 460 more \|/);
});
