import {type Deadline} from '../../core/deadline.ts';
import {type Lab} from '../../lab/open-lab.ts';
import {type Machine} from '../scenario.ts';
import {type ThroughputRule} from './judge-throughput.ts';
import {type MeasurePairs, type WindowLength} from './measure-pairs.ts';

/**
 * What the lower end of the interval has to reach (the catalogue's rows `throughput.*`). An offload that saves nothing is a ratio of 1;
 * 0.90 leaves a tenth for a card that is emulated, where the work that it takes over is done by the same processor.
 */
export const throughputRules = {
	checksum: {threshold: 0.9, direction: 'at-least'},
	tso4: {threshold: 1.2, direction: 'more-than'},
	gro4: {threshold: 0.9, direction: 'at-least'},
} as const satisfies Record<string, ThroughputRule>;

/**
 * Long enough for what a switch of arms stirs up to settle, and no longer: of 12 pairs each under TCG the spread of a pair's ratio was the same at
 * 100, 150 and 250 ms (0.16 to 0.28; at 60 ms up to 0.44). What differs from window to window is the host's mood, which more pairs even out.
 * Two virtual processors on a quiet host use 120 to 180 ms of time in 100 ms.
 */
const window: WindowLength = {ms: 100, vcpuMs: 100, maxMs: 1000};
/** About a minute under TCG. A quiet host needs six to fifteen; one on which a build runs needed 33 for a checksum ratio of 1.04. */
const maxPairs = 120;

/** What `measurePairs` reads on this machine. */
export const windowsOf = (
	machine: Machine,
	{
		lab,
		direction,
		deadline,
	}: {readonly lab: Lab; readonly direction: 'fromGuest' | 'toGuest'; readonly deadline: Deadline},
): Pick<MeasurePairs, 'counters' | 'window' | 'maxPairs' | 'deadline'> => ({
	counters: async () => {
		const [tap, vcpuMs] = await Promise.all([lab.counters(), machine.vcpuMs()]);
		return {stream: tap[direction], vcpuMs};
	},
	window,
	maxPairs,
	deadline,
});
