import test from 'ava';
import {foldRun} from '../../../harness/report/run-state.ts';
import {annotationsOf, holdCommands} from '../../../harness/report/files/github.ts';
import {exampleRun, judged, start} from '../example-run.ts';
import {hostileRun} from './_hostile-run.ts';

test('what is wrong is marked, ten times at most', (t) => {
	t.is(
		annotationsOf([foldRun(exampleRun)]),
		`::error title=hw.scsi.block-size · image.raw (gce%2C tcg)::logical block size of sda is 4096, required 512 (guest)
::error title=boot.console-clean · image.raw (gce%2C tcg)::1 problem on the consoles
`,
	);
	const ids = Array.from({length: 30}, (_, index) => `custom.row-${index}`);
	const wrong = [
		start({requirements: ids}),
		...ids.map((id) => judged(id, {verdict: 'fail', reason: '%', evidence: []})),
	];
	const lines = annotationsOf([foldRun(wrong)])
		.trimEnd()
		.split('\n');
	t.is(lines.length, 10);
	t.true(lines.every((line) => line.endsWith('::%25')));
});

test('a guest writes no command', (t) => {
	const text = annotationsOf([foldRun(hostileRun)]);
	t.deepEqual(
		text
			.trimEnd()
			.split('\n')
			.map((line) => line.slice(0, 20)),
		['::error title=a.two ', '::error title=a.four'],
	);
	t.deepEqual(holdCommands('t0k3n'), {before: '::stop-commands::t0k3n\n', after: '::t0k3n::\n'});
});
