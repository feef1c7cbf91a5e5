import {wallClockMs} from '../core/clock.ts';
import {BootwrightError, GuestError, blameHost, exitCodeOf, messageOf} from '../core/errors.ts';
import {type RunEvent} from '../core/events.ts';

/** How an error that ended a run, or the guest, is told. */
export const failureOf = (thrown: unknown): RunEvent => {
	const at = wallClockMs();
	const error = blameHost(firstOf(thrown));
	const hint = error instanceof BootwrightError ? error.hint : undefined;
	return error instanceof GuestError
		? {type: 'guest-failed', at, failure: error.failure, message: error.message, hint}
		: {
				type: 'run-failed',
				at,
				code: error instanceof BootwrightError && error.code !== 'guest' ? error.code : 'bug',
				message: messageOf(error),
				hint,
				exitCode: exitCodeOf(error),
			};
};

/** Of an error and others that came of tidying up after it, the one that was first. */
const firstOf = (error: unknown): unknown => (error instanceof SuppressedError ? firstOf(error.suppressed) : error);
