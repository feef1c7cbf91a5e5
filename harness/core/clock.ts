import {setTimeout as delay} from 'node:timers/promises';

/** Wall-clock time in milliseconds since the Unix epoch: for stamps people read, never for durations. */
export const wallClockMs = (): number => Date.now();

/** Monotonic time in milliseconds (fractions kept): for durations and deadlines; a changed host clock does not move it. */
export const monotonicMs = (): number => performance.now();

/** A running timer; disposing of it more than once is harmless. */
export type Timer = Disposable & {readonly cancel: () => void};

/** Calls `action` once after `ms` milliseconds. The timer keeps no process alive. */
export const startTimer = (ms: number, action: () => void): Timer => {
	// Above 2^31-1 ms Node fires at once; a deadline of a month is as good as any longer one.
	const handle = setTimeout(action, Math.max(0, Math.min(ms, 2 ** 31 - 1)));
	handle.unref();
	const cancel = (): void => clearTimeout(handle);
	return {cancel, [Symbol.dispose]: cancel};
};

/** "2026-11-27 13:42", UTC. @param at ms since the epoch */
export const utcMinute = (at: number): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ');

/** Calls `action` every `ms` milliseconds until cancelled. The timer keeps no process alive. */
export const startInterval = (ms: number, action: () => void): Timer => {
	const handle = setInterval(action, ms);
	handle.unref();
	const cancel = (): void => clearInterval(handle);
	return {cancel, [Symbol.dispose]: cancel};
};

/**
 * Pauses between two polls of something that offers no event (sysfs, a QMP query).
 * Waiting for anything that does offer one is a bug.
 * @throws the signal's reason when it is aborted.
 */
export const pollPause = async (ms: number, signal?: AbortSignal): Promise<void> => {
	try {
		await delay(ms, undefined, signal === undefined ? {} : {signal});
	} catch (error) {
		// Node throws an AbortError of its own, whatever the reason was.
		signal?.throwIfAborted();
		throw error;
	}
};
