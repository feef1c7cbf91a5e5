import {readFileSync, readdirSync} from 'node:fs';
import {pollPause} from '../core/clock.ts';

const looks = 3;
const pauseMs = 10;

/**
 * How many processors other programs of the host want now, whatever they are: threads that can run (proc(5), /proc/loadavg) but ours.
 * The least of some looks: many come and go. Takes 20 ms.
 */
export const othersRunning = async (signal?: AbortSignal): Promise<number> => {
	let least = Infinity;
	for (let look = 0; look < looks; look++) {
		if (look > 0) {
			await pollPause(pauseMs, signal);
		}

		least = Math.min(least, Math.max(0, runnable() - ownRunnable()));
	}

	return least;
};

const runnable = (): number => Number(/ (\d+)\//v.exec(readFileSync('/proc/loadavg', 'latin1'))?.[1] ?? 1);

/** A thread may end while it is looked at. */
const ownRunnable = (): number =>
	readdirSync('/proc/self/task').filter((thread) => {
		try {
			return readFileSync(`/proc/self/task/${thread}/stat`, 'latin1').includes(') R ');
		} catch {
			return false;
		}
	}).length;
