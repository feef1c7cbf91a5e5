import type {RunEvent} from '../core/events.ts';
import type {Verdict} from '../core/verdict.ts';
import {type RunState, foldRun} from './run-state.ts';

/** How many rows got which verdict (strictness applied), and how long the run took. */
export type Summary = Readonly<Record<Verdict, number>> & {readonly durationMs: number};

export const summaryOf = (events: readonly RunEvent[]): Summary => summaryOfRun(foldRun(events));

export const summaryOfRun = ({rows, durationMs}: RunState): Summary => ({
	...countVerdicts(rows.map(({verdict}) => verdict)),
	durationMs,
});

/** How often each of them is there. */
export const countVerdicts = (verdicts: readonly Verdict[]): Readonly<Record<Verdict, number>> => {
	const counts = {pass: 0, warn: 0, fail: 0, skip: 0, error: 0};
	for (const verdict of verdicts) {
		counts[verdict]++;
	}

	return counts;
};

/** The last line of a report: `63 passed, 0 warned, 2 failed, 8 skipped, 0 errors · 41 s`. */
export const summaryLine = ({pass, warn, fail, skip, error, durationMs}: Summary): string =>
	`${pass} passed, ${warn} warned, ${fail} failed, ${skip} skipped, ${errorCount(error)} · ${(durationMs / 1000).toFixed(0)} s`;

/** `0 errors`, `1 error`: the others of a summary are adjectives. */
export const errorCount = (count: number): string => `${count} error${count === 1 ? '' : 's'}`;
