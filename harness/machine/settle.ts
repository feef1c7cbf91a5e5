import {type Deadline} from '../core/deadline.ts';
import {DeadlineError} from '../core/errors.ts';
import {type Guest} from './guest.ts';

/**
 * Waits until the image's own start is over: a way in may open long before sysctls are set and interfaces are up.
 * systemd tells (`is-system-running --wait`, from version 240 on; older ones are asked again and again); with sysvinit it is
 * over when its runner of start scripts is gone; a busybox init that gave a shell has run its scripts.
 * @returns what is worth telling: units that failed, or a start that did not end in time; empty when all is well
 */
export const settle = async (guest: Guest, deadline: Deadline): Promise<readonly string[]> => {
	try {
		const {text} = await guest.run(waitForStart, {deadline});
		const [state = '', ...units] = text.split('\n');
		return state === 'degraded'
			? [`The image's start ended "degraded": ${units.join(', ') || 'no failed unit is named'}`]
			: [];
	} catch (error) {
		// Only this wait's own end is no reason to give up.
		if (error instanceof DeadlineError && error.phase === deadline.phase) {
			return [`The image was still starting after ${Math.round(deadline.elapsedMs / 1000)} s; it is judged as it is`];
		}

		throw error;
	}
};

const waitForStart = `if [ -d /run/systemd/system ]; then
	s=$(systemctl is-system-running --wait 2>/dev/null)
	while [ "$s" = starting ] || [ "$s" = initializing ]; do sleep 1; s=$(systemctl is-system-running); done
	echo "$s"
	[ "$s" = running ] || systemctl list-units --failed --plain --no-legend 2>/dev/null | while read -r unit rest; do echo "$unit"; done
else
	while pidof startpar rc >/dev/null 2>&1; do sleep 1; done
fi`;
