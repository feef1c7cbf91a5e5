import {type KnownFailure, type RunEvent} from '../core/events.ts';
import {matchesGlob} from '../core/glob.ts';
import {runRow} from '../core/run-row.ts';
import {type Row} from './run-state.ts';

type GuestFailure = Extract<RunEvent, {type: 'guest-failed'}>;

/** The name under which a guest that does not come up is known. */
export const wholeRun = runRow.id;

/** A known failure that a run showed, whether its day is over or not. */
export type SeenFailure = {
	readonly issue: KnownFailure;
	/** In which rows; `run`: the guest did not come up. */
	readonly rows: readonly string[];
};

export type Covered = {
	readonly rows: readonly Row[];
	/** What counts: none that is known. */
	readonly guestFailure: GuestFailure | undefined;
	/** What is known, and does not count. */
	readonly knownGuestFailure: GuestFailure | undefined;
	readonly seen: readonly SeenFailure[];
	readonly notes: readonly string[];
};

/** Failures that somebody knows of count as `skip` with the reason; those whose day is over stay failures, and say so. */
export const coverKnown = (
	{rows, guestFailure}: {readonly rows: readonly Row[]; readonly guestFailure: GuestFailure | undefined},
	known: readonly KnownFailure[],
): Covered => {
	const seen = new Map<KnownFailure, string[]>();
	const find = (id: string): KnownFailure | undefined => {
		const found = known.find((one) => one.rows.some((pattern) => matchesGlob(pattern, id)));
		if (found !== undefined) {
			seen.set(found, [...(seen.get(found) ?? []), id]);
		}

		return found;
	};

	const covered = rows.map((row): Row => {
		const issue = row.verdict === 'fail' ? find(row.id) : undefined;
		return issue === undefined
			? row
			: {...row, known: issue, verdict: issue.expired ? 'fail' : 'skip', reason: `${describe(issue)}: ${row.reason}`};
	});
	const issue = guestFailure === undefined ? undefined : find(wholeRun);
	const told =
		guestFailure === undefined || issue === undefined
			? guestFailure
			: {...guestFailure, message: `${describe(issue)}: ${guestFailure.message}`};
	const counts = issue === undefined || issue.expired;
	return {
		rows: covered,
		guestFailure: counts ? told : undefined,
		knownGuestFailure: counts ? undefined : told,
		seen: seen
			.entries()
			.map(([one, ids]) => ({issue: one, rows: ids}))
			.toArray(),
		notes: counts || told === undefined ? [] : [told.message],
	};
};

const describe = ({id, reason, link, until, expired}: KnownFailure): string =>
	`known as ${id} ${expired ? `until ${until}, which is over` : `until ${until}`} (${reason}${link === undefined ? '' : `, ${link}`})`;
