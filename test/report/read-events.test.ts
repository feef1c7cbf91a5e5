import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {dir} from 'tmp-promise';
import {readEvents} from '../../harness/report/read-events.ts';
import {exitCodeOf} from '../../harness/report/exit-code.ts';
import {formats} from '../../harness/report/files/formats.ts';
import {pageRunOf} from '../../harness/report/html/page-data.ts';
import {layoutOf} from '../../harness/report/layout.ts';
import {renderReport} from '../../harness/report/render-report.ts';
import {foldRun} from '../../harness/report/run-state.ts';
import {exampleRun, passed, start} from './example-run.ts';
import {runWithHistory} from './with-history.ts';

const logOf = (events: readonly unknown[]): string => events.map((event) => `${JSON.stringify(event)}\n`).join('');

const written = async (t: ExecutionContext, text: string): Promise<string> => {
	const {path: directory, cleanup} = await dir({unsafeCleanup: true});
	t.teardown(cleanup);
	await writeFile(path.join(directory, 'events.jsonl'), text);
	return directory;
};

test('a log gives the same reports again, byte for byte', async (t) => {
	for (const run of [exampleRun, runWithHistory]) {
		const events = await readEvents(await written(t, logOf(run)));
		t.deepEqual(foldRun(events).compared, foldRun(run).compared);
		t.deepEqual(foldRun(events).measurements, foldRun(run).measurements);
		for (const format of ['json', 'junit', 'tap', 'markdown'] as const) {
			t.is(formats[format]([events]), formats[format]([run]));
		}
	}
});

test('a row of a person is called by the title of its scenario, in every report', async (t) => {
	const own = start({requirements: ['hw.scsi.spc4', 'custom.no-swap'], scenarios: ['scsi', 'swap']});
	const bad = {verdict: 'fail', reason: 'one area', evidence: []} as const;
	const run = (about: Readonly<Record<string, unknown>>): string =>
		logOf([
			own,
			{type: 'scenario-started', at: own.at, scenario: 'scsi', title: 'not this'},
			passed('hw.scsi.spc4'),
			{type: 'scenario-started', at: own.at, scenario: 'swap', ...about},
			{type: 'requirement-judged', at: own.at, id: 'custom.no-swap', scenario: 'swap', judgement: bad},
			{type: 'run-finished', at: own.at, durationMs: 1, exitCode: 1},
		]);
	const events = await readEvents(await written(t, run({title: 'Nothing swaps\u{1B}[31m'})));
	const state = foldRun(events);
	const reports = {
		junit: formats.junit([events]),
		tap: formats.tap([events]),
		markdown: formats.markdown([events]),
		page: JSON.stringify(pageRunOf(state)),
		terminal: renderReport(state, layoutOf({color: false}), false),
	};
	for (const [format, report] of Object.entries(reports)) {
		t.true(report.includes('Nothing swaps'), format);
		t.false(report.includes('\u{1B}'), format);
		t.false(report.includes('not this'), format);
	}

	t.regex(reports.terminal, /custom\.no-swap · Nothing swaps/v);
	// A log of a version that did not tell it.
	const old = await readEvents(await written(t, run({})));
	t.regex(formats.junit([old]), /name="custom\.no-swap".*?<system-out><\/system-out>/sv);
});

test('a log that ends early is the host’s failure, and what was seen stays', async (t) => {
	const whole = logOf(exampleRun);
	for (const cut of [whole.lastIndexOf('\n', whole.length - 2) + 1, whole.length - 30]) {
		const events = await readEvents(await written(t, whole.slice(0, cut)));
		t.is(exitCodeOf(events), 4);
		t.regex(formats.markdown([events]), /ends before the run does: it was killed, or its disk was full/);
		t.regex(formats.tap([events]), /ok 2 - hw\.scsi\.spc4/);
	}

	// Something was still being written after the end: nobody knows what.
	t.is(exitCodeOf(await readEvents(await written(t, `${whole}{"type"`))), 4);
});

for (const [how, text, expected] of [
	[
		'another event',
		logOf([exampleRun[0], {type: 'novelty', at: 1}]),
		/events\.jsonl:2 is no event of this version: .*type/,
	],
	[
		'another verdict',
		logOf([exampleRun[0], {type: 'scenario-finished', at: 1, scenario: 'a', verdict: 'green', durationMs: 1}]),
		/events\.jsonl:2 is no event of this version: .*verdict/,
	],
	['no JSON', `${logOf([exampleRun[0]])}{"type":\n`, /events\.jsonl:2 is no event of this version: /],
	[
		'no start',
		logOf([{type: 'note', at: 1, text: 'x'}]),
		/is no log of a run: its first line is not the event "run-started"/,
	],
	['nothing', '', /is no log of a run/],
] as const) {
	test(`${how} in a log is told with its line`, async (t) => {
		await t.throwsAsync(readEvents(await written(t, text)), {message: expected});
	});
}

test('no log', async (t) => {
	await t.throwsAsync(readEvents('/nowhere'), {message: /^Cannot read \/nowhere: ENOENT/});
});
