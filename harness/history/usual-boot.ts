import {type BootPhase, type RunEvent} from '../core/events.ts';
import {distinctBoots, medianPhases} from './boots.ts';
import {historyRunOf} from './history-run.ts';
import {earlierPhases} from './read-runs.ts';

/**
 * When the phases of a boot are usually reached, in ms from its start: the medians of earlier boots of the same image on the same machine
 * and class of hosts. Empty where there are none. A history that cannot be read is told at the end of the run; here it knows nothing.
 */
export const usualBoot = (
	started: RunEvent,
	{kernel, env}: {readonly kernel: string | undefined; readonly env: Readonly<Record<string, string | undefined>>},
): ReadonlyMap<BootPhase, number> => {
	const run = historyRunOf([started], {kernel});
	try {
		const earlier = run === undefined ? [] : earlierPhases(env, run);
		return new Map(medianPhases(distinctBoots(earlier)).map(({name, ms}) => [name, ms]));
	} catch {
		return new Map();
	}
};
