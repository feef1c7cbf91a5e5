import type {ConsoleProblem} from '../core/events.ts';
import {type Layout, wrap} from './layout.ts';
import {printable} from './printable.ts';

/** A guest may complain without end; the log has it all. */
const shownAtMost = 20;

/** What the consoles complained about, in order, each line once. */
export const renderProblems = (problems: readonly ConsoleProblem[], layout: Layout): readonly string[] => {
	const distinct = Map.groupBy(problems, ({port, kind, line}) => JSON.stringify([port, kind, line]))
		.values()
		.toArray();
	const lines = distinct.slice(0, shownAtMost).map((same) => {
		const [{severity, kind, port, line, offset}] = same as [ConsoleProblem, ...ConsoleProblem[]];
		const repeated = same.length === 1 ? '' : `, ${same.length} times`;
		return [
			wrap(`${printable(kind)} on ${port} (byte ${offset}${repeated})`, layout, {
				first: `  ${layout.paint(severity === 'warning' ? 'yellow' : 'red', severity)} `,
				rest: ' '.repeat(4),
			}),
			wrap(printable(line, 300), layout, {first: ' '.repeat(4), rest: ' '.repeat(4)}),
		].join('\n');
	});
	const more = distinct.length - lines.length;
	return more > 0 ? [...lines, `  and ${more} more, see the console logs`] : lines;
};
