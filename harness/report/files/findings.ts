import {runRow, unproved} from '../../core/run-row.ts';
import {exitCodeOfRun} from '../exit-code.ts';
import {printable, printableLines} from '../printable.ts';
import {textOfRow} from '../row-text.ts';
import {type Row, type RunState} from '../run-state.ts';

/** A line of a report that knows nothing but tests: a row, or the run itself. Its texts are printable. */
export type Finding = {
	readonly id: string;
	readonly title: string;
	readonly outcome: 'pass' | 'fail' | 'error' | 'skip';
	/** What kind of failure or error: the row's verdict, or who is to blame for the run's end. */
	readonly kind: string;
	readonly reason: string;
	/** Evidence and advice, a line each. */
	readonly details: readonly string[];
};

/** As long as a reason may be that a person still reads. */
const longest = 2000;

/** What a run found out: first whether it came to its end, which no row tells, then every row. */
export const findingsOf = (run: RunState): readonly Finding[] => [ofTheRun(run), ...run.rows.map(ofRow)];

const ofTheRun = (run: RunState): Finding => {
	const {guestFailure, knownGuestFailure, runFailure} = run;
	const exitCode = exitCodeOfRun(run);
	const about = {id: runRow.id, title: runRow.title};
	if (runFailure !== undefined) {
		const {code, message, hint} = runFailure;
		return {...about, outcome: 'error', kind: code, reason: printable(message, longest), details: adviceOf(hint)};
	}

	const ended = guestFailure ?? knownGuestFailure;
	if (ended !== undefined) {
		const {failure, message, hint} = ended;
		return {
			...about,
			outcome: ended === guestFailure ? 'fail' : 'skip',
			kind: printable(failure),
			reason: printable(message, longest),
			details: adviceOf(hint),
		};
	}

	// Rows that all are skipped, or none at all: nothing was proved, and no other line of the report would be red.
	const isUnproved = exitCode !== 0 && run.knownSeen.length === 0 && run.rows.every(({verdict}) => verdict === 'skip');
	return isUnproved
		? {...about, outcome: 'error', kind: unproved.id, reason: 'no row could be observed', details: []}
		: {...about, outcome: 'pass', kind: 'pass', reason: '', details: []};
};

const adviceOf = (hint: string | undefined): readonly string[] => (hint === undefined ? [] : [printableLines(hint)]);

const ofRow = (row: Row): Finding => {
	const {title, fix} = textOfRow(row);
	const {verdict, reason, judgement} = row;
	return {
		id: printable(row.id),
		title,
		outcome: verdict === 'warn' ? 'pass' : verdict,
		kind: verdict,
		reason: verdict === 'pass' ? '' : printable(reason, longest),
		details: [
			...judgement.evidence.map(
				({side, what, expected, observed, holds}) =>
					`${holds ? 'ok' : 'NOT OK'} (${side}) ${printable(what)}: ${printable(observed)}${holds ? '' : `, required ${printable(expected)}`}`,
			),
			...(verdict === 'pass' || fix === undefined ? [] : [`fix: ${printable(fix, longest)}`]),
		],
	};
};
