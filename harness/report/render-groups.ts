import {type Verdict, verdicts} from '../core/verdict.ts';
import {type Layout, wrap} from './layout.ts';
import {markOf, verdictWords} from './marks.ts';
import {renderRow} from './render-row.ts';
import {groupTitles, textOfRow} from './row-text.ts';
import type {Row} from './run-state.ts';

/** One line a group, in the order of the catalogue; with `verbose` the rows of it that passed below, in full like the others. */
export const renderGroups = (rows: readonly Row[], layout: Layout, verbose: boolean): readonly string[] => {
	const groups = Map.groupBy(rows, (row) => textOfRow(row).group);
	return groupTitles
		.map((title) => [title, groups.get(title) ?? []] as const)
		.filter(([, members]) => members.length > 0)
		.flatMap(([title, members]) => [
			wrap(`${title.padEnd(widest)}  ${counts(members)}`, layout, {
				first: `${markOf(worst(members), layout)} `,
				rest: ' '.repeat(4),
			}),
			...(verbose
				? passed(members)
						.flatMap((row) => renderRow(row, layout))
						.map((text) => text.replaceAll(/^/gm, '  '))
				: []),
		]);
};

const widest = Math.max(...groupTitles.map(({length}) => length));

/** A group is as good as its worst row; rows that nobody could see only colour a group that has no others. */
const worst = (rows: readonly Row[]): Verdict =>
	(['error', 'fail', 'warn', 'pass'] as const).find((verdict) => rows.some((row) => row.verdict === verdict)) ?? 'skip';

const passed = (rows: readonly Row[]): readonly Row[] => rows.filter(({verdict}) => verdict === 'pass');

const counts = (rows: readonly Row[]): string =>
	verdicts
		.map((verdict) => ({word: verdictWords[verdict], count: rows.filter((row) => row.verdict === verdict).length}))
		.filter(({count}) => count > 0)
		.map(({word, count}) => `${count} ${word}`)
		.join(', ');
