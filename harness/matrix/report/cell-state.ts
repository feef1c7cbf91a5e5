import {type Verdict} from '../../core/verdict.ts';
import {countVerdicts, errorCount, summaryOfRun} from '../../report/summary.ts';
import {type Outcome} from '../outcome.ts';

/** What a cell comes to, as a verdict: `skip` where nothing failed but what is known. */
export const stateOf = ({exitCode, run, record}: Outcome): Verdict => {
	if (exitCode === 0) {
		return run.knownSeen.length > 0 ? 'skip' : run.rows.some(({verdict}) => verdict === 'warn') ? 'warn' : 'pass';
	}

	return record !== undefined && (exitCode === 1 || exitCode === 3) ? 'fail' : 'error';
};

/** Why, in a few words. */
export const reasonOf = (outcome: Outcome): string => {
	const {run, exitCode} = outcome;
	const ended = run.runFailure ?? run.guestFailure;
	if (ended !== undefined) {
		return ended.message;
	}

	const bad = run.rows.filter(({verdict}) => verdict === 'fail' || verdict === 'error').map(({id}) => id);
	if (bad.length > 0) {
		return `${bad.join(', ')}${knownWords(outcome)}`;
	}

	if (exitCode !== 0) {
		return 'no row could be observed';
	}

	const {pass, warn} = summaryOfRun(run);
	return `${pass} passed${warn > 0 ? `, ${warn} warned` : ''}${knownWords(outcome)}`;
};

/** Which of it is known; why, the reports tell once for all cells (happened-issues.ts). */
const knownWords = ({run}: Outcome): string => {
	const ids = run.knownSeen.map(
		({issue}) => `${issue.id}${issue.expired ? ` until ${issue.until}, which is over` : ''}`,
	);
	return ids.length > 0 ? `, known: ${ids.join(', ')}` : '';
};

/** `12 cells: 9 passed, 1 warned, 1 known, 1 failed, 0 errors`. */
export const countLine = (outcomes: readonly Outcome[]): string => {
	const {pass, warn, skip, fail, error} = countVerdicts(outcomes.map(stateOf));
	return `${outcomes.length} cell${outcomes.length === 1 ? '' : 's'}: ${pass} passed, ${warn} warned, ${skip} known, ${fail} failed, ${errorCount(error)}`;
};
