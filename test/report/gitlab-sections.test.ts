import test from 'ava';
import {type RunEvent} from '../../harness/core/events.ts';
import {gitlabReporter} from '../../harness/report/gitlab-sections.ts';
import {terminalReporter} from '../../harness/report/terminal.ts';
import {exampleRun, start, surroundings} from './example-run.ts';
import {hostileRun} from './files/_hostile-run.ts';

// eslint-disable-next-line no-control-regex -- what GitLab looks for
const mark = /\u001B\[0Ksection_(?:start|end):/v;

/** What stands in a job's log after runs. */
const logOf = (...runs: ReadonlyArray<readonly RunEvent[]>): string => {
	let log = '';
	const stream = {write: (text: string) => (log += text), columns: 80};
	for (const events of runs) {
		const reporters = [
			gitlabReporter({stream}),
			terminalReporter({stream, color: false, verbose: false, surroundings}),
		];
		for (const event of events) {
			for (const report of reporters) {
				report(event);
			}
		}
	}

	return log;
};

test('how a run went is folded, and its report is not', (t) => {
	const log = logOf(exampleRun);
	const [before = '', inside = '', behind = ''] = log.split(mark);
	t.is(before, '');
	const at = Math.floor(start().at / 1000);
	t.true(
		inside.startsWith(
			`${at}:bootwright_run_${start().at}[collapsed=true]\r\u001B[0KHow the run of image.raw (gce, tcg) went\n`,
		),
		inside,
	);
	t.regex(inside, /firmware\s+0\.8 s/v);
	t.true(behind.startsWith(`${at + 41}:bootwright_run_${start().at}\r\u001B[0K`), behind.slice(0, 80));
	t.regex(behind, /1 passed, 1 warned, 2 failed/v);
	t.notRegex(inside, /1 passed, 1 warned/v);
});

test('each run has a section of its own, and a guest begins none', (t) => {
	const evil = '\u001B[0Ksection_start:1:evil\r\u001B[0Kfolded away';
	const later = exampleRun.map((event) => ({...event, at: event.at + 5000}));
	const events: readonly RunEvent[] = [
		start({at: 1, image: {path: evil, bytes: 1, sha256: undefined}}),
		{type: 'note', at: 2, text: evil},
		...hostileRun.slice(1),
	];
	const [, ...marks] = logOf(exampleRun, later, events).split(mark);
	t.is(marks.length, 6);
	t.is(new Set(marks.map((text) => /^\d+:(?<name>\w+)/v.exec(text)?.[1])).size, 3);
});
