import {type FigureChange, type Noise} from '../core/changes.ts';
import {type BootPhase} from '../core/events.ts';
import {bootOf, distinctBoots} from './boots.ts';
import {type HistoryRun} from './history-run.ts';
import {directionOf, noiseOf} from './noise.ts';

/** What of a run is a figure. */
export type Figured = {
	/** The way in. */
	readonly access: string | null;
	readonly phases: ReadonlyArray<{readonly name: BootPhase; readonly ms?: number | undefined}>;
	readonly measurements: ReadonlyArray<{readonly id: string; readonly metric: string; readonly value: number}>;
};

/** What there is to tell noise from: earlier runs of the same kind, or why there are none. */
export type Baseline = {readonly earlier: readonly HistoryRun[]; readonly unknown: string | undefined};

/** Boot phases and measurements of two runs, each judged by how it scattered in earlier ones. */
export const compareFigures = (
	before: Figured,
	after: Figured,
	{earlier}: Pick<Baseline, 'earlier'>,
): readonly FigureChange[] => [
	...comparePhases(before, after, earlier),
	...compareMeasurements(before, after, earlier),
];

const comparePhases = (before: Figured, after: Figured, earlier: readonly HistoryRun[]): readonly FigureChange[] => {
	const [was, is] = [phasesOf(before), phasesOf(after)];
	if (bootOf(was) === bootOf(is)) {
		return [];
	}

	// Another way in boots in another way.
	const alike = before.access === after.access ? earlier.filter(({access}) => access === after.access) : [];
	const boots = distinctBoots(alike).filter((phases) => bootOf(phases) !== bootOf(is));
	return changesOf('phase', {was: timesOf(was), is: timesOf(is), earlier: boots.map((phases) => timesOf(phases))});
};

const phasesOf = ({phases}: Pick<Figured, 'phases'>): HistoryRun['phases'] =>
	phases.map(({name, ms = NaN}) => ({name, ms})).filter(({ms}) => !Number.isNaN(ms));

const timesOf = (phases: HistoryRun['phases']): Figures => new Map(phases.map(({name, ms}) => [name, ms]));

const compareMeasurements = (
	before: Figured,
	after: Figured,
	earlier: readonly HistoryRun[],
): readonly FigureChange[] =>
	changesOf('measurement', {
		was: measurementsOf(before),
		is: measurementsOf(after),
		earlier: earlier.map((run) => measurementsOf(run)),
	});

export const measurementsOf = ({measurements}: Pick<Figured, 'measurements'>): Figures =>
	new Map(measurements.map(({id, metric, value}) => [`${id} ${metric}`, value]));

export type Figures = ReadonlyMap<string, number>;

const changesOf = (
	kind: FigureChange['kind'],
	{was, is, earlier}: {readonly was: Figures; readonly is: Figures; readonly earlier: readonly Figures[]},
): readonly FigureChange[] =>
	is
		.entries()
		.map(([id, after]) => {
			const before = was.get(id);
			const noise = noiseOf(earlier.map((figures) => figures.get(id)).filter((value) => value !== undefined));
			return before === undefined
				? undefined
				: {kind, id, before, after, noise: noise ?? null, change: changeOf(kind, {before, after, noise})};
		})
		.filter((change) => change !== undefined)
		.toArray();

const changeOf = (
	kind: FigureChange['kind'],
	{before, after, noise}: {readonly before: number; readonly after: number; readonly noise: Noise | undefined},
): FigureChange['change'] => {
	if (noise === undefined) {
		return 'unknown';
	}

	const direction = directionOf(before, after, noise);
	return direction === 'within' ? 'within-noise' : words[kind][direction];
};

const words = {phase: {up: 'slower', down: 'faster'}, measurement: {up: 'higher', down: 'lower'}} as const;
