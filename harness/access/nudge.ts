import {type ConsolePort} from '../console/port.ts';
import {monotonicMs, startInterval} from '../core/clock.ts';

const silenceMs = 3000;

/**
 * Types an empty line on silent ports, so that a shell whose prompt was lost among other output shows it again.
 * Never before the kernel runs: a key stops boot menus.
 */
export const nudge = (ports: readonly ConsolePort[], {mayType}: {readonly mayType: () => boolean}): Disposable =>
	startInterval(silenceMs, () => {
		const silent = ports.every(({lastByteAt}) => monotonicMs() - lastByteAt >= silenceMs);
		if (silent && mayType()) {
			for (const port of ports) {
				if (port.name === 'ttyS0' || port.name === 'ttyS1') {
					port.write('\n').catch(() => undefined);
				}
			}
		}
	});

/** Whether the kernel has written to its console, by its first line or by the time that begins each line. */
export const kernelSeenOn = (ports: readonly ConsolePort[]): boolean =>
	ports.some((port) => /Linux version |\[ {0,4}\d+\.\d{6}\] /.test(port.since(0).bytes.toString('latin1')));
