import {wallClockMs} from '../../core/clock.ts';
import {BootwrightError, HostError, messageOf} from '../../core/errors.ts';
import {type RunContext} from '../run-image.ts';

/** A cache that cannot be written costs time, and no verdict. @throws what is not the host's: an interruption, a deadline, the guest's end */
export const noteNoCopies = ({emit, deadline}: RunContext, error: unknown): void => {
	deadline.signal.throwIfAborted();
	if (error instanceof BootwrightError && !(error instanceof HostError)) {
		throw error;
	}

	const cure = error instanceof HostError && error.hint !== undefined ? `. To mend it: ${error.hint}` : '';
	const text = `No copies of the booted machine, one boot for all scenarios: ${messageOf(error)}${cure}`;
	emit({type: 'note', at: wallClockMs(), text});
};
