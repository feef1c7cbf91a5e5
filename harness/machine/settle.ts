import {type Deadline} from '../core/deadline.ts';
import {DeadlineError} from '../core/errors.ts';
import {type Guest} from './guest.ts';

export type Settled = {
	/** What is worth telling: what was still starting, units that failed; empty when all is well. */
	readonly remarks: readonly string[];
	/** False where nobody waited to the end of it. */
	readonly isOver: boolean;
};

/**
 * Waits until the image's own start is over: a way in may open long before sysctls are set and interfaces are up.
 * With systemd it is over when no job is left, or when nothing moves any more: the same jobs and a guest that is mostly idle
 * for 5 s (an agent that waits for a network service it will not find). With sysvinit, when its runner of start scripts is gone.
 * A busybox init that gave a shell has run its scripts.
 */
export const settle = async (guest: Guest, deadline: Deadline): Promise<Settled> => {
	try {
		const {text} = await guest.run(waitForStart, {deadline});
		return {remarks: parseState(text), isOver: true};
	} catch (error) {
		// Only this wait's own end is no reason to give up.
		if (error instanceof DeadlineError && error.phase === deadline.phase) {
			const after = Math.round(deadline.elapsedMs / 1000);
			return {remarks: [`The image was still starting after ${after} s; it is judged as it is`], isOver: false};
		}

		throw error;
	}
};

/** Lines `starting UNIT` and `failed UNIT` → remarks. */
export const parseState = (text: string): readonly string[] => {
	const units = (word: string): readonly string[] =>
		text
			.split('\n')
			.filter((line) => line.startsWith(`${word} `))
			.map((line) => line.slice(word.length + 1));
	const starting = units('starting');
	const failed = units('failed');
	return [
		...(starting.length === 0
			? []
			: [`The image's start did not end: ${starting.join(', ')} still starting, and nothing moved for 5 s`]),
		...(failed.length === 0 ? [] : [`Units of the image that failed to start: ${failed.join(', ')}`]),
	];
};

/**
 * One round trip for the whole wait. Times are hundredths of a second: /proc/uptime has two digits, /proc/stat counts in
 * USER_HZ (100 on x86). Busy is more than 60 % of one processor; asking itself takes some of that on an emulated one.
 */
const waitForStart = `if [ -d /run/systemd/system ]; then
	now() { read -r x u n s i w q r x </proc/stat; b=$((u+n+s+q+r)); read -r t x </proc/uptime; t=$((\${t%.*}*100+1\${t#*.}-100)); }
	now; B=$b; T=$t; still=0; last=
	while jobs=$(systemctl list-jobs --plain --no-legend 2>/dev/null) && [ -n "$jobs" ] && [ $still -lt 500 ]; do
		sleep 1; now
		if [ "$jobs" = "$last" ] && [ $((b-B)) -lt $(((t-T)*6/10)) ]; then still=$((still+t-T)); else still=0; fi
		B=$b; T=$t; last=$jobs
	done
	echo "$jobs" | while read -r id unit kind state; do [ "$state" != running ] || echo "starting $unit"; done
	systemctl list-units --failed --plain --no-legend 2>/dev/null | while read -r unit rest; do echo "failed $unit"; done
else
	while pidof startpar rc >/dev/null 2>&1; do sleep 1; done
fi`;
