import {seconds} from '../../core/deadline.ts';
import {type Verdict} from '../../core/verdict.ts';
import {markdownText as text} from '../../report/files/markdown-text.ts';
import {printable} from '../../report/printable.ts';
import {changeLines} from '../../report/change-lines.ts';
import {type KnownIssue} from '../matrix-file.ts';
import {type Outcome} from '../outcome.ts';
import {countLine, reasonOf, stateOf} from './cell-state.ts';
import {changeSummary} from './change-summary.ts';
import {changesOf} from './changes.ts';
import {gridOf} from './grid.ts';
import {happenedIssues, issueWords} from './happened-issues.ts';

const signs = {pass: '✅', warn: '⚠️', skip: '☑️', fail: '❌', error: '💥'} as const satisfies Record<Verdict, string>;
/** So many cells are told in full: a job's summary holds 1 MiB. */
const mostCells = 60;

/** A matrix as a summary in GitHub's Markdown: the grid, then what is wrong, what is known, and what is to be struck off. */
export const matrixMarkdown = (
	outcomes: readonly Outcome[],
	{gone}: {readonly gone: readonly KnownIssue[]},
): string => {
	const {columns, lines} = gridOf(outcomes);
	const bad = outcomes.filter(({exitCode}) => exitCode !== 0);
	const known = outcomes.filter((outcome) => stateOf(outcome) === 'skip');
	const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
	return [
		`## ${bad.length === 0 ? '✅' : '❌'} ${text(countLine(outcomes))}`,
		'',
		row(['image', ...columns.map(text)]),
		row(['---', ...columns.map(() => ':-:')]),
		...lines.map(({name, outcomes: cells}) =>
			row([text(name), ...cells.map((one) => (one === undefined ? '' : signs[stateOf(one)]))]),
		),
		...changed(outcomes),
		...table('Wrong', bad),
		...table('Known', known),
		...issues(outcomes),
		...(gone.length === 0
			? []
			: ['', ...gone.map(({id}) => `- known issue ${text(id)} happened nowhere: it may be struck off the list`)]),
		'',
	].join('\n');
};

/** What changed since the earlier nights, where there are any. */
const changed = (outcomes: readonly Outcome[]): readonly string[] => {
	const changes = changesOf(outcomes);
	if (changes === undefined) {
		return [];
	}

	const lines = changeLines(changes);
	return [
		'',
		`${changeSummary(changes)}.`,
		...(lines.length === 0 ? [] : ['', '| Changed | Cell | What | How |', '| --- | --- | --- | --- |']),
		...lines
			.slice(0, mostCells)
			.map(({title, mark, cell, what, how}) => `| ${signs[mark]} ${[title, cell, what, how].map(text).join(' | ')} |`),
		...(lines.length > mostCells ? [`| ${lines.length - mostCells} more | | | |`] : []),
	];
};

/** Known issues that happened: why, and where. */
const issues = (outcomes: readonly Outcome[]): readonly string[] => {
	const happened = happenedIssues(outcomes);
	return happened.length === 0
		? []
		: [
				'',
				'| Known issue | Why | Where |',
				'| --- | --- | --- |',
				...happened.slice(0, mostCells).map((one) => {
					const {name, reason, places} = issueWords(one);
					const link = one.issue.link === undefined ? '' : ` <${addressOf(one.issue.link)}>`;
					return `| ${signs[one.issue.expired ? 'fail' : 'skip']} ${text(name)} | ${text(reason)}${link} | ${text(places)} |`;
				}),
				...(happened.length > mostCells ? [`| ${happened.length - mostCells} more | | |`] : []),
			];
};

/** Without anything that ends an address between angle brackets, or a cell of a table (CommonMark 0.31, 6.5; GFM 4.10). */
const addressOf = (link: string): string => new URL(link).href.replaceAll('|', '%7C');

const table = (title: string, outcomes: readonly Outcome[]): readonly string[] =>
	outcomes.length === 0
		? []
		: [
				'',
				`| ${title} | Why | Took |`,
				'| --- | --- | --- |',
				...outcomes.slice(0, mostCells).map((outcome) => {
					const took = outcome.record === undefined ? '' : seconds(outcome.record.durationMs);
					return `| ${signs[stateOf(outcome)]} ${text(outcome.cell.id)} | ${text(printable(reasonOf(outcome), 300))} | ${took} |`;
				}),
				...(outcomes.length > mostCells ? [`| ${outcomes.length - mostCells} more | | |`] : []),
			];
