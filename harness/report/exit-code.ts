import type {RunEvent} from '../core/events.ts';
import {type RunState, foldRun} from './run-state.ts';

/**
 * The exit code that the events of one run add up to (docs/exit-codes.md).
 * When several hold, the first of: usage (2), signal (129, 130, 143), host or harness (4), deadline (5), guest did not come up (3), a row failed (1).
 */
export const exitCodeOf = (events: readonly RunEvent[]): number => exitCodeOfRun(foldRun(events));

/** The same for several runs of one command. */
export const worstExitCode = (codes: readonly number[]): number => precedence.find((code) => codes.includes(code)) ?? 0;

const precedence = [2, 143, 130, 129, 4, 5, 3, 1];

export const exitCodeOfRun = (run: RunState): number => {
	const seen = new Set(run.rows.map(({verdict}) => verdict));
	const endedEarly = run.guestFailure !== undefined || run.runFailure !== undefined;
	return worstExitCode([
		...(run.runFailure === undefined ? [] : [run.runFailure.exitCode]),
		// Selecting nothing is a mistake of the person who selected, never a pass.
		...(run.started !== undefined && run.rows.length === 0 ? [2] : []),
		...(run.started === undefined && run.runFailure === undefined ? [4] : []),
		...(seen.has('error') ? [4] : []),
		// A guest that dies after somebody had a shell is told by its rows.
		...(run.guestFailure === undefined ? [] : [run.phases.has('access') ? 1 : 3]),
		...(seen.has('fail') ? [1] : []),
		// Skips alone prove nothing: the host could not find anything out. What is known to fail was found out.
		...(seen.size === 1 && seen.has('skip') && !endedEarly && run.knownSeen.length === 0 ? [4] : []),
	]);
};
