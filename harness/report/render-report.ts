import path from 'node:path';
import {utcMinute} from '../core/clock.ts';
import {seconds} from '../core/deadline.ts';
import type {Verdict} from '../core/verdict.ts';
import {changeLines} from './change-lines.ts';
import {exitCodeOfRun} from './exit-code.ts';
import {type Layout, wrap} from './layout.ts';
import {markOf} from './marks.ts';
import {printable, printableLines} from './printable.ts';
import {renderGroups} from './render-groups.ts';
import {renderProblems} from './render-problems.ts';
import {renderRow} from './render-row.ts';
import {renderUnseen} from './render-unseen.ts';
import type {Row, RunState} from './run-state.ts';
import {summaryLine, summaryOfRun} from './summary.ts';

/** The report at the end of a run: groups, whatever did not pass in full, how to mend and repeat it, and the counts. */
export const renderReport = (run: RunState, layout: Layout, verbose: boolean): string => {
	const section = (title: string, lines: readonly string[]): readonly string[] =>
		lines.length === 0 ? [] : ['', layout.paint('bold', title), ...lines];
	const rowsIn = (verdict: Verdict): readonly string[] =>
		run.rows.filter((row) => row.verdict === verdict).flatMap((row) => renderRow(row, layout));
	return [
		...scenarioTimes(run, layout),
		'',
		...renderGroups(run.rows, layout, verbose),
		...section(
			'Measured',
			run.measurements.map(({text}) => wrap(printable(text), layout, {first: '  ', rest: ' '.repeat(4)})),
		),
		...section('Failed', rowsIn('fail')),
		...section('Errors: the host or the harness could not find out', errors(run, layout)),
		...section('Warned', rowsIn('warn')),
		...section(
			'Skipped',
			renderUnseen(
				run.rows.filter(({verdict}) => verdict === 'skip'),
				markOf('skip', layout),
				layout,
			),
		),
		...section('Console', renderProblems(run.problems, layout)),
		...section(
			'Notes',
			run.notes.map((note) => wrap(printable(note), layout, {first: '  ', rest: '  '})),
		),
		...section(...changes(run, layout)),
		...failure(run, layout),
		...section('Artifacts', run.started === undefined ? [] : [`  ${printable(run.started.artifacts, longest)}`]),
		...section('Reproduce', exitCodeOfRun(run) === 0 ? [] : reproduction(run)),
		'',
		layout.paint('bold', wrap(summaryLine(summaryOfRun(run)), layout, {first: '', rest: '  '})),
		'',
	].join('\n');
};

/** Errors that somebody saw in full, and those that one failure of the run left, together. */
const errors = ({rows}: RunState, layout: Layout): readonly string[] => {
	const errorRows = rows.filter(({verdict}) => verdict === 'error');
	const [seen, unseen] = [errorRows.filter(wasJudged), errorRows.filter((row) => !wasJudged(row))];
	return [...seen.flatMap((row) => renderRow(row, layout)), ...renderUnseen(unseen, markOf('error', layout), layout)];
};

/** Since the run before, where the history has one. */
const changes = ({compared}: RunState, layout: Layout): readonly [title: string, lines: readonly string[]] => {
	if (compared === undefined || compared.since === null) {
		return ['', []];
	}

	const {since, rows, flaky, figures} = compared;
	return [
		`Changed since the run of ${utcMinute(since.at)} UTC`,
		changeLines({...rows, flaky, figures}).map(({title, mark, what, how}) =>
			wrap(`${title}: ${what}: ${how}`, layout, {first: `${markOf(mark, layout)} `, rest: ' '.repeat(4)}),
		),
	];
};

const wasJudged = ({scenario}: Row): boolean => scenario !== '';

const scenarioTimes = ({scenarios}: RunState, layout: Layout): readonly string[] => {
	const total = scenarios.reduce((sum, {durationMs}) => sum + durationMs, 0);
	const each = scenarios.map(({id, durationMs}) => `${id} ${seconds(durationMs)}`).join(' · ');
	return scenarios.length === 0
		? []
		: [wrap(each, layout, {first: `  scenarios    ${seconds(total).padStart(7)}  `, rest: ' '.repeat(24)})];
};

const failure = ({guestFailure, runFailure, phases}: RunState, layout: Layout): readonly string[] =>
	[
		guestFailure === undefined
			? undefined
			: {
					...guestFailure,
					head: phases.has('access') ? 'The guest died while it was tested' : 'The guest did not come up',
				},
		runFailure === undefined ? undefined : {...runFailure, head: runFailureHeads[runFailure.code]},
	]
		.filter((event) => event !== undefined)
		.flatMap(({head, message, hint}) => [
			'',
			layout.paint('red', head),
			...[message, ...(hint === undefined ? [] : [hint])].map((text) =>
				wrap(printableLines(text), layout, {first: '  ', rest: '  '}),
			),
		]);

const runFailureHeads = {
	host: 'The host failed',
	bug: 'The harness failed',
	usage: 'The run was asked for something impossible',
	deadline: 'The deadline passed',
	interrupted: 'Interrupted',
};

const reproduction = ({started}: RunState): readonly string[] =>
	started === undefined
		? []
		: [started.command, `sh ${path.join(started.artifacts, 'qemu.sh')}`].map(
				(command) => `  ${printable(command, longest)}`,
			);

/** A path may be as long (PATH_MAX), and is to be copied whole. */
const longest = 4096;
