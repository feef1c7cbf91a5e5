import {wallClockMs} from '../core/clock.ts';
import {BootwrightError, GuestError, blameHost, exitCodeOf, messageOf} from '../core/errors.ts';
import {type RunEvent} from '../core/events.ts';

/**
 * How an error that ended a run, or the guest, is told.
 * @param signal what the run had to heed
 */
export const failureOf = (thrown: unknown, signal?: AbortSignal): RunEvent => {
	const at = wallClockMs();
	const first = firstOf(thrown);
	const end = isFinding(first) ? undefined : reasonOf(signal);
	const error = blameHost(end ?? first);
	const hint = error instanceof BootwrightError ? error.hint : undefined;
	const onTheWayOut = end === undefined || isAbort(first) ? '' : `; on the way out: ${messageOf(first)}`;
	return error instanceof GuestError
		? {type: 'guest-failed', at, failure: error.failure, message: error.message, hint}
		: {
				type: 'run-failed',
				at,
				code: error instanceof BootwrightError && error.code !== 'guest' ? error.code : 'bug',
				message: `${messageOf(error)}${onTheWayOut}`,
				hint,
				exitCode: exitCodeOf(error),
			};
};

/** Of an error and others that came of tidying up after it, the one that was first. */
const firstOf = (error: unknown): unknown => (error instanceof SuppressedError ? firstOf(error.suppressed) : error);

const isFinding = (error: unknown): boolean => error instanceof BootwrightError && error.code !== 'bug';

/** Why the run was ended, where it was: what breaks after that is no finding of its own. */
const reasonOf = (signal: AbortSignal | undefined): unknown => (signal?.aborted ? signal.reason : undefined);

/** Node's functions throw an error of their own, whatever the reason was. */
const isAbort = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError';
