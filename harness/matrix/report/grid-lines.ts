import {type Layout, wrap} from '../../report/layout.ts';
import {markOf} from '../../report/marks.ts';
import {printable} from '../../report/printable.ts';
import {changeLines} from '../../report/change-lines.ts';
import {seconds} from '../../core/deadline.ts';
import {type KnownIssue} from '../matrix-file.ts';
import {type Outcome} from '../outcome.ts';
import {countLine, reasonOf, stateOf} from './cell-state.ts';
import {changeSummary} from './change-summary.ts';
import {changesOf} from './changes.ts';
import {gridOf} from './grid.ts';
import {happenedIssues, issueWords} from './happened-issues.ts';

/** A line that tells of one cell. */
export const cellLine = (outcome: Outcome, layout: Layout, {kept}: {readonly kept: boolean}): string => {
	const took =
		outcome.record === undefined
			? ''
			: ` (${seconds(outcome.record.durationMs)}${kept ? ', before' : ''}${outcome.record.attempts > 1 ? ', second try' : ''})`;
	const text = `${outcome.cell.id}${took}  ${printable(reasonOf(outcome), 300)}`;
	return `${wrap(text, layout, {first: `${markOf(stateOf(outcome), layout)} `, rest: ' '.repeat(4)})}\n`;
};

/** The grid of a matrix, what is wrong, and what is to be struck off the list. */
export const gridLines = (
	outcomes: readonly Outcome[],
	{layout, gone}: {readonly layout: Layout; readonly gone: readonly KnownIssue[]},
): string => {
	const {columns, lines} = gridOf(outcomes);
	const width = Math.max(0, ...lines.map(({name}) => name.length));
	const head = columns.map((column, index) => `${' '.repeat(width)}  ${'│ '.repeat(index)}┌ ${column}`);
	const body = lines.map(({name, outcomes: cells}) => {
		const marks = cells.map((one) => (one === undefined ? ' ' : markOf(stateOf(one), layout)));
		return `${name.padEnd(width)}  ${marks.join(' ')}`.trimEnd();
	});
	const happened = happenedIssues(outcomes).map((one) => {
		const {name, reason, places} = issueWords(one);
		const link = one.issue.link === undefined ? '' : ` ${printable(one.issue.link)}`;
		return wrap(`known issue ${name}: ${reason}${link}: ${places}`, layout, {
			first: `${markOf(one.issue.expired ? 'fail' : 'skip', layout)} `,
			rest: ' '.repeat(4),
		});
	});
	const struck = gone.map(
		({id, until}) => `known issue ${id} (until ${until}) happened nowhere: it may be struck off the list`,
	);
	return [...head, ...body, '', ...changed(outcomes, layout), ...happened, ...struck, countLine(outcomes), ''].join(
		'\n',
	);
};

/** What changed since the earlier nights, where there are any. */
const changed = (outcomes: readonly Outcome[], layout: Layout): readonly string[] => {
	const changes = changesOf(outcomes);
	return changes === undefined
		? []
		: [
				wrap(changeSummary(changes), layout, {first: '', rest: ''}),
				...changeLines(changes).map(({title, mark, cell, what, how}) =>
					wrap(`${title}: ${cell} ${what}: ${how}`, layout, {
						first: `${markOf(mark, layout)} `,
						rest: ' '.repeat(4),
					}),
				),
				'',
			];
};
