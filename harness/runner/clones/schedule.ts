import {type Scenario} from '../../machine/scenario.ts';
import {atOnce, atOnceInMemory} from '../at-once.ts';

/** How a scenario went in an earlier run. */
export type EarlierRun = {readonly ms: number; readonly failed: boolean};

export type Schedule = {
	/** At once, as many as there is room for. */
	readonly together: readonly Scenario[];
	/** After all others. */
	readonly last: readonly Scenario[];
};

/** Orders scenarios for copies: what failed last time first, then the longest first, so that none is left over at the end. Pure. */
export const scheduleOf = (scenarios: readonly Scenario[], earlier: Readonly<Record<string, EarlierRun>>): Schedule => {
	const rank = ({id}: Scenario): number => (earlier[id]?.failed === true ? Infinity : (earlier[id]?.ms ?? 0));
	const ordered = scenarios.toSorted((a, b) => (rank(a) === rank(b) ? 0 : rank(b) - rank(a)));
	const isLast = ({order}: Scenario): boolean => order === 'last';
	return {
		together: ordered.filter((scenario) => !isLast(scenario)),
		last: ordered.filter((scenario) => isLast(scenario)),
	};
};

/** Of memory a copy may take what its guest dirties, and QEMU's own with its translated code. */
const mebibytes = 512;

/**
 * As many as the host carries beside what else runs on it.
 * @param others processors that other programs want (others-running.ts)
 */
export const copiesAtOnce = (others: number): number => atOnce({processors: 1, mebibytes, others});

/** As many as wait, or run: all of them hold memory. */
export const copiesInMemory = (): number => atOnceInMemory(mebibytes);
