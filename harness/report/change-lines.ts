import {type FigureChange, type FlakyRow, type RowChange} from '../core/changes.ts';
import {seconds} from '../core/deadline.ts';
import {rateWords} from '../core/statistics.ts';
import {type Verdict} from '../core/verdict.ts';
import {printable} from './printable.ts';

/** In a matrix, the cell that something changed in. */
type Placed<Change> = Change & {readonly cell?: string};

/** What people want to know of what changed. */
export type Changes = {
	readonly newlyFailing: ReadonlyArray<Placed<RowChange>>;
	readonly newlyPassing: ReadonlyArray<Placed<RowChange>>;
	readonly flaky: ReadonlyArray<Placed<FlakyRow>>;
	/** Beyond noise. */
	readonly figures: ReadonlyArray<Placed<FigureChange>>;
};

/** What changed, as a line of a report. Its texts are printable. */
export type ChangeLine = {
	readonly title: string;
	/** Whose mark it bears. */
	readonly mark: Verdict;
	/** Empty outside of a matrix. */
	readonly cell: string;
	readonly what: string;
	readonly how: string;
};

/** Every change as a line: what is worse first. */
export const changeLines = ({newlyFailing, newlyPassing, flaky, figures}: Changes): readonly ChangeLine[] => [
	...newlyFailing.map((change) => rowLine('newly failing', 'fail', change)),
	...newlyPassing.map((change) => rowLine('newly passing', 'pass', change)),
	...flaky.map((row) => flakyLine(row)),
	...figures.map((figure) => figureLine(figure)),
];

const rowLine = (title: string, mark: Verdict, {cell = '', id, before, after}: Placed<RowChange>): ChangeLine => ({
	title,
	mark,
	cell,
	what: id === 'run' ? 'the guest comes up' : printable(id),
	how: `${before ?? 'not there'} → ${after ?? 'not there'}`,
});

const flakyLine = ({cell = '', id, bad, runs}: Placed<FlakyRow>): ChangeLine => ({
	title: 'flaky',
	mark: 'warn',
	cell,
	what: printable(id),
	how: `bad in ${rateWords(bad, runs)}`,
});

const figureLine = ({cell = '', kind, id, before, after, noise, change}: Placed<FigureChange>): ChangeLine => {
	const value = (number: number): string => (kind === 'phase' ? seconds(number) : number.toPrecision(3));
	const usual =
		noise === null
			? ''
			: `; the median of ${noise.runs} is ${value(noise.median)}, noise from ${value(noise.low)} to ${value(noise.high)}`;
	return {title: change, mark: 'warn', cell, what: printable(id), how: `${value(before)} → ${value(after)}${usual}`};
};
