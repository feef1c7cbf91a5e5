import {stripVTControlCharacters} from 'node:util';
import test from 'ava';
import type {RunEvent} from '../../harness/core/events.ts';
import {type TerminalStream, terminalReporter} from '../../harness/report/terminal.ts';
import {exampleRun, start, surroundings} from './example-run.ts';
import {compared, runWithHistory} from './with-history.ts';

const report = (
	events: readonly RunEvent[],
	options: Partial<TerminalStream> & {color?: boolean; verbose?: boolean} = {},
): string => {
	let text = '';
	const {color = false, verbose = false, ...stream} = options;
	const reporter = terminalReporter({
		stream: {...stream, write: (chunk) => (text += chunk)},
		color,
		verbose,
		surroundings,
	});
	for (const event of events) {
		reporter(event);
	}

	return text;
};

test('plain report', (t) => {
	t.snapshot(report(exampleRun));
});

test('verbose shows the rows that passed as well', (t) => {
	t.snapshot(report(exampleRun, {verbose: true}));
});

test('a guest that did not come up', (t) => {
	const planned = start();
	const {at} = planned;
	t.snapshot(
		report([
			planned,
			{type: 'phase-reached', at, phase: 'firmware', ms: 800},
			{
				type: 'guest-failed',
				at,
				failure: 'panic',
				message: 'Kernel panic on ttyS0 after 5.1 s in phase "kernel".\nLast line: "---[ end Kernel panic \u001B[0m"',
				hint: 'Boot it with "bootwright console image.raw".',
			},
			{type: 'run-finished', at: at + 5100, durationMs: 5100, exitCode: 3},
		]),
	);
});

test('a terminal that is made narrower while the run goes on: what is printed afterwards fits', (t) => {
	let text = '';
	const stream = {columns: 120, write: (chunk: string) => (text += chunk)};
	const reporter = terminalReporter({stream, color: false, verbose: false, surroundings});
	const [first = start(), ...others] = exampleRun;
	reporter(first);
	const wide = text.length;
	for (const columns of [50, 30]) {
		stream.columns = columns;
		text = text.slice(0, wide);
		for (const event of others) {
			reporter(event);
		}

		// A word that is longer keeps its line: paths and commands are there to be copied.
		const tooWide = text
			.slice(wide)
			.split('\n')
			.filter((line) => line.length > columns && line.trim().includes(' ') && !/^ {2}(?:sh|npx) /v.test(line));
		t.deepEqual(tooWide, [], String(columns));
	}
});

test('what the history says that changed is told with the run, and nothing where there was none before', (t) => {
	const section = (events: readonly RunEvent[]): string | undefined =>
		/\nChanged since (?<text>.*?)\n\n/s.exec(report(events, {columns: 200}))?.groups?.['text'];
	t.is(
		section(runWithHistory),
		`the run of 2026-01-02 02:04 UTC
✖ newly failing: hw.scsi.block-size: pass → fail
✔ newly passing: hw.scsi.spc4: fail → pass
⚠ flaky: hw.net.gro4: bad in 3 of 20 runs (95 %: 5 to 36 %)
⚠ slower: access: 21 s → 31 s; the median of 14 is 20 s, noise from 18 s to 23 s`,
	);
	t.is(section(exampleRun), undefined);
	const first = runWithHistory.map((event) =>
		event.type === 'compared' ? {...event, compared: {...compared, since: null}} : event,
	);
	t.is(section(first), undefined);
});

test('colours change nothing but colours', (t) => {
	const colored = report(exampleRun, {color: true});
	t.not(colored, report(exampleRun));
	t.is(stripVTControlCharacters(colored), report(exampleRun));
});

test('a terminal gets a live line, which is gone at the end', (t) => {
	const text = report(exampleRun, {isTTY: true, columns: 80});
	t.true(text.includes('  0 s  0 of 2 scenarios done, running: scsi'), text);
	// What a terminal shows: the last thing written on each line.
	const shown = text
		.split('\n')
		.map((line) => line.split('\r\u001B[K').at(-1))
		.join('\n');
	t.is(shown, report(exampleRun));
});

test('nothing is told across what a person types in the guest', (t) => {
	let text = '';
	const write = (chunk: string) => (text += chunk);
	const stream = {isTTY: true, columns: 80, write};
	const reporter = terminalReporter({stream, color: false, verbose: false, surroundings});
	const {at} = start();
	const events: readonly RunEvent[] = [
		start(),
		{type: 'scenario-started', at, scenario: 'scsi'},
		{type: 'handed-over', at, port: 'ttyS1'},
	];
	for (const event of events) {
		reporter(event);
	}

	// The line is gone, and nothing that is printed from here on draws it again.
	t.true(text.endsWith('\r\u001B[K'));
	text = '';
	reporter({type: 'phase-reached', at, phase: 'access', ms: 1});
	reporter({type: 'taken-back', at});
	reporter({type: 'run-finished', at, durationMs: 1, exitCode: 4});
	const [away = '', back = ''] = text.split('access');
	t.notRegex(away, /scsi/);
	t.regex(back, /running: scsi/);
});

test('rows that one failure left unseen are told together', (t) => {
	const {at} = start();
	const lines = report([
		start(),
		{type: 'run-failed', at, code: 'host', message: 'the disk is full', hint: undefined, exitCode: 4},
		{type: 'run-finished', at, durationMs: 1, exitCode: 4},
	]).split('\n');
	t.true(lines.includes('‼ 6 × the run failed before this could be seen (the disk is full)'), lines.join('\n'));
	t.is(lines.filter((line) => line.includes('before this could be seen')).length, 1);
});

test('no line is wider than the terminal, but for what must be copied whole', (t) => {
	for (const columns of [80, 100, 120]) {
		const wide = report(exampleRun, {columns})
			.split('\n')
			.filter((line) => line.length > columns);
		t.deepEqual(
			wide.filter((line) => !line.includes('/state/')),
			[],
		);
	}
});

test('a guest that complains without end does not flood the screen', (t) => {
	const {at} = start();
	const problems = Array.from({length: 1000}, (_value, index): RunEvent => ({
		type: 'console-problem',
		at,
		problem: {kind: 'io-error', severity: 'error', port: 'ttyS0', line: `I/O error, sector ${index}`, offset: index},
	}));
	const lines = report([start(), ...problems, {type: 'run-finished', at, durationMs: 1, exitCode: 1}]).split('\n');
	t.true(lines.length < 120, `${lines.length} lines`);
	t.true(lines.includes('  and 980 more, see the console logs'));
});
