import {type FigureChange, type FlakyRow, type RowChange} from '../../core/changes.ts';
import {seconds} from '../../core/deadline.ts';
import {rateWords} from '../../core/statistics.ts';
import {type Verdict} from '../../core/verdict.ts';
import {printable} from '../../report/printable.ts';
import {type InCell, type MatrixChanges} from './changes.ts';

/** What changed, as a line of a report. Its texts are printable. */
export type ChangeLine = {
	readonly title: string;
	/** Whose mark it bears. */
	readonly mark: Verdict;
	readonly cell: string;
	readonly what: string;
	readonly how: string;
};

/** Every change as a line: what is worse first. */
export const changeLines = ({newlyFailing, newlyPassing, flaky, figures}: MatrixChanges): readonly ChangeLine[] => [
	...newlyFailing.map((change) => rowLine('newly failing', 'fail', change)),
	...newlyPassing.map((change) => rowLine('newly passing', 'pass', change)),
	...flaky.map((row) => flakyLine(row)),
	...figures.map((figure) => figureLine(figure)),
];

/** `Since the earlier nights (12 cells with one): 1 newly failing, 0 newly passing, 2 flaky, 1 beyond noise`. */
export const changeSummary = ({compared, newlyFailing, newlyPassing, flaky, figures}: MatrixChanges): string =>
	`Since the earlier nights (${compared} ${compared === 1 ? 'cell has' : 'cells have'} one): ${newlyFailing.length} newly failing, ${newlyPassing.length} newly passing, ${flaky.length} flaky, ${figures.length} beyond noise`;

const rowLine = (title: string, mark: Verdict, {cell, id, before, after}: InCell<RowChange>): ChangeLine => ({
	title,
	mark,
	cell,
	what: id === 'run' ? 'the guest comes up' : printable(id),
	how: `${before ?? 'not there'} → ${after ?? 'not there'}`,
});

const flakyLine = ({cell, id, bad, runs}: InCell<FlakyRow>): ChangeLine => ({
	title: 'flaky',
	mark: 'warn',
	cell,
	what: printable(id),
	how: `bad in ${rateWords(bad, runs)}`,
});

const figureLine = ({cell, kind, id, before, after, noise, change}: InCell<FigureChange>): ChangeLine => {
	const value = (number: number): string => (kind === 'phase' ? seconds(number) : number.toPrecision(3));
	const usual =
		noise === null
			? ''
			: `; median of ${noise.runs} ${value(noise.median)}, noise from ${value(noise.low)} to ${value(noise.high)}`;
	return {
		title: change,
		mark: 'warn',
		cell,
		what: printable(id),
		how: `${value(before)} → ${value(after)}${usual}`,
	};
};
