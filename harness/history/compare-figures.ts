import {type RunResult} from '../report/result-schema.ts';
import {bootOf, distinctBoots} from './boots.ts';
import {type HistoryRun} from './history-run.ts';
import {type Noise, directionOf, noiseOf} from './noise.ts';

/** A figure that both runs have. */
export type FigureChange = {
	readonly kind: 'phase' | 'measurement';
	/** Of the phase, or of what was measured with its metric. */
	readonly id: string;
	readonly before: number;
	readonly after: number;
	/** Null where it is not known. */
	readonly noise: Noise | null;
	/** `unknown`: there is a difference, and nobody knows whether it is noise. */
	readonly change: 'slower' | 'faster' | 'higher' | 'lower' | 'within-noise' | 'unknown';
};

/** What there is to tell noise from: earlier runs of the same kind, or why there are none. */
export type Baseline = {readonly earlier: readonly HistoryRun[]; readonly unknown: string | undefined};

/** Boot phases and measurements of two runs, each judged by how it scattered in earlier ones. */
export const compareFigures = (before: RunResult, after: RunResult, {earlier}: Baseline): readonly FigureChange[] => [
	...comparePhases(before, after, earlier),
	...compareMeasurements(before, after, earlier),
];

const comparePhases = (
	before: RunResult,
	after: RunResult,
	earlier: readonly HistoryRun[],
): readonly FigureChange[] => {
	const [was, is] = [phasesOf(before), phasesOf(after)];
	if (bootOf(was) === bootOf(is)) {
		return [];
	}

	// Another way in boots in another way.
	const {method} = after.access;
	const alike = before.access.method === method ? earlier.filter(({access}) => access === method) : [];
	const boots = distinctBoots(alike).filter((phases) => bootOf(phases) !== bootOf(is));
	return changesOf('phase', {was: timesOf(was), is: timesOf(is), earlier: boots.map((phases) => timesOf(phases))});
};

const phasesOf = ({phases}: RunResult): HistoryRun['phases'] =>
	phases.map(({name, ms = NaN}) => ({name, ms})).filter(({ms}) => !Number.isNaN(ms));

const timesOf = (phases: HistoryRun['phases']): Figures => new Map(phases.map(({name, ms}) => [name, ms]));

const compareMeasurements = (
	before: RunResult,
	after: RunResult,
	earlier: readonly HistoryRun[],
): readonly FigureChange[] =>
	changesOf('measurement', {
		was: measurementsOf(before),
		is: measurementsOf(after),
		earlier: earlier.map((run) => measurementsOf(run)),
	});

const measurementsOf = ({measurements}: Pick<HistoryRun, 'measurements'>): Figures =>
	new Map(measurements.map(({id, metric, value}) => [`${id} ${metric}`, value]));

type Figures = ReadonlyMap<string, number>;

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
