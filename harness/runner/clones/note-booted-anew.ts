import {wallClockMs} from '../../core/clock.ts';
import {messageOf} from '../../core/errors.ts';
import {type RunContext} from '../run-image.ts';

/** Says why a machine that is in the cache is passed over. */
export const noteBootedAnew = ({emit}: Pick<RunContext, 'emit'>, error: unknown): void => {
	const text = `The machine booted earlier cannot be taken up; booting anew: ${messageOf(error)}`;
	emit({type: 'note', at: wallClockMs(), text});
};
