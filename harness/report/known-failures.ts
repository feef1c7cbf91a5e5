import {type KnownFailure, type RunEvent} from '../core/events.ts';
import {matchesGlob} from '../core/glob.ts';
import {type Row} from './run-state.ts';

type GuestFailure = Extract<RunEvent, {type: 'guest-failed'}>;

/** The name under which a guest that does not come up is known. */
export const wholeRun = 'run';

export type Covered = {
	readonly rows: readonly Row[];
	readonly guestFailure: GuestFailure | undefined;
	/** Ids of the known failures that were seen. */
	readonly seen: readonly string[];
	readonly notes: readonly string[];
};

/** Failures that somebody knows of count as `skip` with the reason; those whose day is over stay failures, and say so. */
export const coverKnown = (
	{rows, guestFailure}: {readonly rows: readonly Row[]; readonly guestFailure: GuestFailure | undefined},
	known: readonly KnownFailure[],
): Covered => {
	const seen = new Set<string>();
	const find = (id: string): KnownFailure | undefined => {
		const found = known.find((one) => one.rows.some((pattern) => matchesGlob(pattern, id)));
		if (found !== undefined) {
			seen.add(found.id);
		}

		return found;
	};

	const covered = rows.map((row): Row => {
		const issue = row.verdict === 'fail' ? find(row.id) : undefined;
		return issue === undefined
			? row
			: {...row, verdict: issue.expired ? 'fail' : 'skip', reason: `${describe(issue)}: ${row.reason}`};
	});
	const issue = guestFailure === undefined ? undefined : find(wholeRun);
	return {
		rows: covered,
		guestFailure: issue === undefined || issue.expired ? guestFailure : undefined,
		seen: [...seen],
		notes: issue === undefined || guestFailure === undefined ? [] : [`${describe(issue)}: ${guestFailure.message}`],
	};
};

const describe = ({id, reason, link, until, expired}: KnownFailure): string =>
	`known as ${id} ${expired ? `until ${until}, which is over` : `until ${until}`} (${reason}${link === undefined ? '' : `, ${link}`})`;
