import {type Scenario} from '../../machine/scenario.ts';
import {atOnce} from '../at-once.ts';

/** How a scenario went in an earlier run. */
export type EarlierRun = {readonly ms: number; readonly failed: boolean};

export type Schedule = {
	/** At once, as many as there are tokens. */
	readonly together: readonly Scenario[];
	/** One after the other, with the host to themselves. */
	readonly alone: readonly Scenario[];
	/** After all others. */
	readonly last: readonly Scenario[];
};

/**
 * Orders scenarios for copies: what failed last time first, then the longest first, so that none is left over at the end. Pure.
 * @param options.selected rows that are judged: a scenario that measures none of them needs no host of its own
 */
export const scheduleOf = (
	scenarios: readonly Scenario[],
	{selected, earlier}: {readonly selected: ReadonlySet<string>; readonly earlier: Readonly<Record<string, EarlierRun>>},
): Schedule => {
	const rank = ({id}: Scenario): number => (earlier[id]?.failed === true ? Infinity : (earlier[id]?.ms ?? 0));
	const ordered = scenarios.toSorted((a, b) => (rank(a) === rank(b) ? 0 : rank(b) - rank(a)));
	const isLast = ({order}: Scenario): boolean => order === 'last';
	const isAlone = ({alone = []}: Scenario): boolean => alone.some((id) => selected.has(id));
	return {
		together: ordered.filter((scenario) => !isLast(scenario) && !isAlone(scenario)),
		alone: ordered.filter((scenario) => !isLast(scenario) && isAlone(scenario)),
		last: ordered.filter((scenario) => isLast(scenario)),
	};
};

/**
 * As many as the host carries beside what else runs on it. Of memory a copy may take what its guest dirties, and QEMU's own with its
 * translated code.
 * @param others processors that other programs want (others-running.ts)
 */
export const copiesAtOnce = (others: number): number => atOnce({processors: 1, mebibytes: 512, others});
