import {type FlakyRow} from '../core/changes.ts';
import {type BootPhase} from '../core/events.ts';
import {distinctBoots, medianPhases} from './boots.ts';
import {flakyRows} from './flaky-rows.ts';
import {type HistoryRun} from './history-run.ts';
import {classOf} from './read-runs.ts';

/** The runs of one image on one machine and class of hosts. */
export type ClassSummary = {
	readonly image: string;
	/** Profile, accelerator, processor, number of processors, QEMU. */
	readonly class: string;
	/** Newest first. */
	readonly runs: readonly HistoryRun[];
	/** How often a run ended with which. */
	readonly exitCodes: ReadonlyArray<{readonly exitCode: number; readonly runs: number}>;
	readonly boots: number;
	readonly medianPhases: ReadonlyArray<{readonly name: BootPhase; readonly ms: number}>;
	readonly flaky: readonly FlakyRow[];
};

/** Sums runs up by what makes them comparable, in the order in which they stand. */
export const summarize = (runs: readonly HistoryRun[]): readonly ClassSummary[] =>
	Map.groupBy(runs, (run) => `${run.image}\n${classOf(run)}`)
		.values()
		.map(summaryOf)
		.toArray();

const summaryOf = (runs: readonly HistoryRun[]): ClassSummary => {
	const [newest] = runs;
	const boots = distinctBoots(runs.filter(({phases}) => phases.length > 0));
	return {
		image: newest?.image ?? '',
		class: newest === undefined ? '' : classOf(newest),
		runs,
		exitCodes: Map.groupBy(runs, ({exitCode}) => exitCode)
			.entries()
			.map(([exitCode, same]) => ({exitCode, runs: same.length}))
			.toArray()
			.toSorted((a, b) => a.exitCode - b.exitCode),
		boots: boots.length,
		medianPhases: medianPhases(boots),
		flaky: flakyRows(runs),
	};
};
