import path from 'node:path';
import {wallClockMs} from '../core/clock.ts';
import {UsageError} from '../core/errors.ts';
import {type KnownFailure, type RunEvent} from '../core/events.ts';
import {matchesGlob} from '../core/glob.ts';
import {exitCodeOfRun} from '../report/exit-code.ts';
import {wholeRun} from '../report/known-failures.ts';
import {readEvents} from '../report/read-events.ts';
import {type RunState, foldRun} from '../report/run-state.ts';
import {type Cell, concerns, knownFor} from './cells.ts';
import {type KnownIssue} from './matrix-file.ts';
import {type CellRecord, cellDirectory} from './records.ts';

/** A cell with what its run found out, seen with what is known of it. */
export type Outcome = {
	readonly cell: Cell;
	/** Undefined for a cell that nobody has run. */
	readonly record: CellRecord | undefined;
	/** Directory of its artifacts; undefined where nobody has run it. */
	readonly place: string | undefined;
	readonly run: RunState;
	readonly exitCode: number;
};

export type Judging = {
	readonly directory: string;
	readonly known: readonly KnownIssue[];
	/** `2026-11-27`. */
	readonly today: string;
};

/** Reads back what a cell left, and judges it. @throws UsageError where its log is none of this version */
export const outcomeOf = async (record: CellRecord, {directory, known, today}: Judging): Promise<Outcome> => {
	const {cell, run, words, exitCode, startedAt} = record;
	const events =
		run === null
			? failed(startedAt, {
					message: `no run was begun: ${inOneLine(words) || 'it said nothing'}`,
					code: exitCode === 2 ? 'usage' : 'host',
					exitCode,
				})
			: await readEvents(path.join(cellDirectory(directory, cell.id), run));
	const place = cellDirectory(directory, cell.id);
	return judged(cell, {record, place, events, known: knownFailures(cell, {known, today})});
};

/** The same, and an error of the host where what the cell left cannot be read: the others keep their reports. */
export const readableOutcome = async (record: CellRecord, judging: Judging): Promise<Outcome> =>
	outcomeOf(record, judging).catch((error: unknown) => {
		if (error instanceof UsageError) {
			return missingOutcome(record.cell, unreadable(error.message));
		}

		throw error;
	});

export const unreadable = (why: string): string => `what it left cannot be read: ${why}`;

/** A cell without a record: whoever should have run it has not. */
export const missingOutcome = (cell: Cell, message: string): Outcome =>
	judged(cell, {
		record: undefined,
		place: undefined,
		events: failed(wallClockMs(), {message, code: 'host', exitCode: 4}),
		known: [],
	});

/** What is a sentence already needs no semicolon. */
const inOneLine = (words: string): string =>
	words
		.trim()
		.replaceAll(/([.?!:])\n\s*/gv, '$1 ')
		.replaceAll(/\n\s*/gv, '; ');

const judged = (
	cell: Cell,
	given: {
		readonly record: CellRecord | undefined;
		readonly place: string | undefined;
		readonly events: readonly RunEvent[];
		readonly known: readonly KnownFailure[];
	},
): Outcome => {
	const {record, place, known} = given;
	const head: RunEvent = {type: 'matrix-cell', at: given.events[0]?.at ?? 0, id: cell.id, known};
	const run = foldRun([head, ...given.events]);
	return {cell, record, place, run, exitCode: exitCodeOfRun(run)};
};

const failed = (
	at: number,
	failure: {readonly message: string; readonly code: 'host' | 'usage'; readonly exitCode: number},
): readonly RunEvent[] => [
	{type: 'run-failed', at, hint: undefined, ...failure},
	{type: 'run-finished', at, durationMs: 0, exitCode: failure.exitCode},
];

const knownFailures = (cell: Cell, {known, today}: Pick<Judging, 'known' | 'today'>): readonly KnownFailure[] =>
	knownFor(cell, known).map(({id, rows, reason, link, until}) => ({
		id,
		rows,
		reason,
		link,
		until,
		expired: today > until,
	}));

/** Known issues that none of their cells showed, though every row that could have shown it was seen: what is to be struck off the list. */
export const goneIssues = (known: readonly KnownIssue[], outcomes: readonly Outcome[]): readonly KnownIssue[] =>
	known.filter(({id, match, rows}) => {
		const concerned = outcomes.filter(({cell}) => concerns(match, cell));
		const seen = concerned.flatMap(({run}) => wasGood(run, rows));
		return (
			seen.length > 0 &&
			seen.every(Boolean) &&
			concerned.every(({run}) => run.runFailure === undefined && run.knownSeen.every(({issue}) => issue.id !== id))
		);
	});

/** Of each row that a known issue names, whether it was seen to be good: not where nobody could see it, or another issue covers it. */
const wasGood = (run: RunState, patterns: readonly string[]): readonly boolean[] => {
	const cameUp = run.guestFailure === undefined && run.knownGuestFailure === undefined;
	return [
		{id: wholeRun, good: cameUp},
		...run.rows.map(({id, verdict}) => ({id, good: verdict === 'pass' || verdict === 'warn'})),
	]
		.filter(({id}) => patterns.some((pattern) => matchesGlob(pattern, id)))
		.map(({good}) => good);
};
