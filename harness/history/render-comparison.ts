import {type FigureChange, type RowChange} from '../core/changes.ts';
import {seconds} from '../core/deadline.ts';
import {rateWords} from '../core/statistics.ts';
import {type Layout, wrap} from '../report/layout.ts';
import {markOf} from '../report/marks.ts';
import {printable} from '../report/printable.ts';
import {type Comparison} from './compare-runs.ts';
import {fewestRuns} from './noise.ts';

/** What changed from A to B, for a person. */
export const renderComparison = (comparison: Comparison, layout: Layout): string => {
	const section = (title: string, lines: readonly string[]): readonly string[] =>
		lines.length === 0 ? [] : ['', layout.paint('bold', title), ...lines];
	const rows = (changes: readonly RowChange[]): readonly string[] => changes.map((change) => rowLine(change, layout));
	const {before, after, figures, flaky} = comparison;
	const beyond = figures.filter(({change}) => change !== 'within-noise' && change !== 'unknown');
	const unknown = figures.filter((figure) => figure.change === 'unknown' && figure.before !== figure.after);
	return [
		runLine('A', before),
		runLine('B', after),
		...(before.strict === after.strict
			? []
			: ['One of them was judged with --strict: its warnings and skips are fails.']),
		...section('Newly failing', rows(comparison.newlyFailing)),
		...section('Newly passing', rows(comparison.newlyPassing)),
		...section('Other verdicts', rows(comparison.otherChanges)),
		...section('New rows', rows(comparison.newRows)),
		...section('Rows that are gone', rows(comparison.removedRows)),
		...section(
			'Flaky: good and bad on one image',
			flaky.map(({id, bad, runs}) => `  ${printable(id)}: bad in ${rateWords(bad, runs)}`),
		),
		...section(
			'Beyond noise',
			beyond.map((figure) => figureLine(figure, layout)),
		),
		...section(
			'Not judged: the noise is unknown',
			unknown.length === 0
				? []
				: [
						wrap(whyUnknown(comparison), layout, {first: '  ', rest: '  '}),
						...unknown.map((figure) => figureLine(figure, layout)),
					],
		),
		'',
		layout.paint('bold', summary(comparison)),
		'',
	].join('\n');
};

const runLine = (letter: string, {directory, startedAt, exitCode, image}: Comparison['before']): string =>
	`${letter}  ${printable(image.path)} · ${startedAt} · exit code ${exitCode} · ${printable(directory)}`;

const rowLine = ({id, before, after}: RowChange, layout: Layout): string => {
	const mark = after === null ? ' ' : markOf(after, layout);
	return `${mark} ${printable(id)}: ${before ?? 'not in A'} → ${after ?? 'not in B'}`;
};

const figureLine = (figure: FigureChange, layout: Layout): string => {
	const {id, before, after, noise, change} = figure;
	const value = (number: number): string => (figure.kind === 'phase' ? seconds(number) : number.toPrecision(3));
	const percent =
		before === 0 ? '' : ` (${after < before ? '−' : '+'}${((100 * Math.abs(after - before)) / before).toFixed(0)} %)`;
	const told =
		noise === null
			? ''
			: `, ${change}: the median of ${noise.runs} is ${value(noise.median)}, noise from ${value(noise.low)} to ${value(noise.high)}`;
	return wrap(`${printable(id)}: ${value(before)} → ${value(after)}${percent}${told}`, layout, {
		first: '  ',
		rest: ' '.repeat(4),
	});
};

const whyUnknown = ({noise}: Comparison): string =>
	noise.unknown === null
		? `It takes ${fewestRuns} earlier runs like these with a boot or a measurement of their own; the history has ${noise.runs}.`
		: `It is told from runs of the same image, profile, accelerator and host class: ${noise.unknown}.`;

const summary = ({newlyFailing, newlyPassing, otherChanges, flaky, figures}: Comparison): string => {
	const count = (changes: ReadonlyArray<FigureChange['change']>): number =>
		figures.filter(({change}) => changes.includes(change)).length;
	return [
		`${newlyFailing.length} newly failing, ${newlyPassing.length} newly passing, ${otherChanges.length} other changes`,
		`${flaky.length} flaky`,
		`${count(['slower'])} slower, ${count(['faster'])} faster, ${count(['higher', 'lower'])} other figures beyond noise`,
	].join(' · ');
};
