import {bootPhases} from '../core/events.ts';
import {median} from '../core/statistics.ts';
import {type HistoryRun} from './history-run.ts';

type Phases = HistoryRun['phases'];

/** Runs on copies of one booted machine tell of the same boot (docs/copies.md): it counts once. */
export const distinctBoots = (runs: ReadonlyArray<Pick<HistoryRun, 'phases'>>): readonly Phases[] =>
	new Map(runs.map(({phases}) => [bootOf(phases), phases])).values().toArray();

/** The times of a boot are its name: two boots have not all of them to the microsecond in common. */
export const bootOf = (phases: Phases): string => phases.map(({name, ms}) => `${name} ${ms}`).join(', ');

/** When each phase is reached in the middle one of some boots, in ms from the start; phases that none of them reached are left out. */
export const medianPhases = (boots: readonly Phases[]): Phases =>
	bootPhases
		.map((name) => ({name, times: boots.flat().filter((phase) => phase.name === name)}))
		.filter(({times}) => times.length > 0)
		.map(({name, times}) => ({name, ms: median(times.map(({ms}) => ms))}));
