import {monotonicMs, pollPause} from '../../core/clock.ts';
import {type Deadline, seconds} from '../../core/deadline.ts';
import {HostError} from '../../core/errors.ts';
import {type Estimate, type Pair, decide, estimateMedian, fewestSamples, pairedRatios} from '../../core/statistics.ts';
import {type LabCounters} from '../../lab/lab-counters.ts';

/** One window of a stream that runs all the time. */
type Window = {
	readonly bytes: number;
	readonly frames: number;
	readonly ms: number;
	/** Of all virtual processors together. */
	readonly vcpuMs: number;
};

export type Measured = {
	/** Rate with the offload on over the rate with it off, a pair each. */
	readonly wall: Estimate & {readonly samples: readonly number[]};
	/** Processor time a byte with it off over that with it on: above 1 the offload saves work. */
	readonly vcpu: Estimate & {readonly samples: readonly number[]};
	/** Medians over the windows. */
	readonly on: Arm;
	readonly off: Arm;
	/** Whether the interval of the processor time decided before the budget was used up. */
	readonly decided: boolean;
};

export type Arm = {
	readonly mbitPerSecond: number;
	readonly bytesPerFrame: number;
	/** The same of each window. */
	readonly windows: {readonly mbitPerSecond: readonly number[]; readonly bytesPerFrame: readonly number[]};
};

/**
 * When a window ends. A guest that shares its host with other load gets less done in the same time: windows that waited for the clock
 * alone would be the noisier the busier the host is.
 */
export type WindowLength = {
	/** At the earliest. */
	readonly ms: number;
	/** Then as soon as the virtual processors have used so much time together. */
	readonly vcpuMs: number;
	/** At the latest. */
	readonly maxMs: number;
};

export type MeasurePairs = {
	/** Switches to one arm; resolves when it holds. */
	readonly toggle: (arm: 'on' | 'off') => Promise<void>;
	/** What crossed the tap in the direction of the stream, and what the virtual processors used, until now. */
	readonly counters: () => Promise<{readonly stream: LabCounters; readonly vcpuMs: number}>;
	readonly threshold: number;
	readonly direction: 'at-least' | 'more-than';
	readonly window: WindowLength;
	readonly maxPairs: number;
	readonly deadline: Deadline;
};

/**
 * Measures windows of one stream in the order on, off, off, on, …: whatever drifts on the host drifts for both. Each pair gives one
 * ratio, so that a slow moment falls out of it. Stops when the interval decides.
 * @throws HostError where nothing moved, or so seldom that the rest says nothing
 */
export const measurePairs = async (options: MeasurePairs): Promise<Measured> => {
	const {toggle, maxPairs, threshold, direction} = options;
	const on: Window[] = [];
	const off: Window[] = [];
	let decided = false;
	let below = 0;
	for (let pair = 0; pair < maxPairs && !decided; pair++) {
		const order = pair % 2 === 0 ? (['on', 'off'] as const) : (['off', 'on'] as const);
		for (const arm of order) {
			// The second arm of a pair is the first one of the next.
			if (pair === 0 || arm !== order[0]) {
				await toggle(arm);
			}

			(arm === 'on' ? on : off).push(await measureWindow(options));
		}

		throwIfStill(on, off);
		const samples = vcpuRatios(on, off);
		if (isLook(samples.length, maxPairs)) {
			const decision = decide({samples, threshold, direction});
			below = decision === 'below' ? below + 1 : 0;
			decided = decision === 'above' || below >= failedLooks || (decision === 'below' && samples.length === maxPairs);
		}
	}

	const wall = pairedRatios(pairs(on, off, rate));
	const vcpu = vcpuRatios(on, off);
	if (vcpu.length < fewestSamples) {
		throw new HostError(
			`Nothing moved through the stream in most windows: ${vcpu.length} of ${on.length} pairs can be compared, ${fewestSamples} are needed`,
		);
	}

	return {
		wall: {...estimateMedian(wall), samples: wall},
		vcpu: {...estimateMedian(vcpu), samples: vcpu},
		on: armOf(on),
		off: armOf(off),
		decided,
	};
};

/** A stream that stands for so many pairs of windows is not going to come back. */
const stillPairs = 3;

const throwIfStill = (on: readonly Window[], off: readonly Window[]): void => {
	const last = [...on.slice(-stillPairs), ...off.slice(-stillPairs)];
	if (on.length >= stillPairs && last.every(({bytes}) => bytes === 0)) {
		const ms = last.reduce((sum, window) => sum + window.ms, 0);
		throw new HostError(`Nothing moved through the stream in the last ${last.length} windows (${seconds(ms)})`);
	}
};

/**
 * So many looks in a row have to say that it is too slow: on a host on which builds ran, six pairs of an adapter that is right gave
 * 0.86 (0.75 to 0.88) once in twenty times.
 */
const failedLooks = 3;

/** Asking after each pair would make wrong answers likelier: every third is enough (`decide`). */
const isLook = (samples: number, maxPairs: number): boolean =>
	samples === maxPairs || (samples >= fewestSamples && (samples - fewestSamples) % 3 === 0);

const measureWindow = async ({counters, window, deadline}: MeasurePairs): Promise<Window> => {
	const startedAt = monotonicMs();
	const before = await counters();
	let pauseMs = window.ms;
	for (;;) {
		await pollPause(pauseMs, deadline.signal);
		const after = await counters();
		const ms = monotonicMs() - startedAt;
		const vcpuMs = after.vcpuMs - before.vcpuMs;
		if (vcpuMs >= window.vcpuMs || ms >= window.maxMs) {
			return {
				bytes: after.stream.bytes - before.stream.bytes,
				frames: after.stream.frames - before.stream.frames,
				ms,
				vcpuMs,
			};
		}

		pauseMs = window.ms / 5;
	}
};

const rate = ({bytes, ms}: Window): number => bytes / ms;
/** Bytes a millisecond of processor time: on over off is the same ratio as time a byte, off over on. */
const efficiency = ({bytes, vcpuMs}: Window): number => bytes / vcpuMs;

const pairs = (on: readonly Window[], off: readonly Window[], value: (window: Window) => number): readonly Pair[] =>
	on
		.slice(0, off.length)
		.map((window, index) => ({on: value(window), off: value(off[index] ?? window)}))
		// A window in which nothing moved, or no processor time was accounted, is no measurement: the guest or the host stood still.
		.filter((pair) => [pair.on, pair.off].every((one) => one > 0 && Number.isFinite(one)));

const vcpuRatios = (on: readonly Window[], off: readonly Window[]): readonly number[] =>
	pairedRatios(pairs(on, off, efficiency));

const armOf = (windows: readonly Window[]): Arm => {
	const middle = (values: readonly number[]): number => estimateMedian(values).value;
	const mbitPerSecond = windows.map((window) => (rate(window) * 8) / 1000);
	const bytesPerFrame = windows.map(({bytes, frames}) => (frames === 0 ? 0 : bytes / frames));
	return {
		mbitPerSecond: middle(mbitPerSecond),
		bytesPerFrame: middle(bytesPerFrame),
		windows: {mbitPerSecond, bytesPerFrame},
	};
};
