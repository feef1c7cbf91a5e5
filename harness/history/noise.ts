import {type Noise} from '../core/changes.ts';
import {median} from '../core/statistics.ts';

/**
 * With fewer figures the scatter is a guess: on a quiet host, what is nothing but noise is called a change in 0.7 % of all cases with ten,
 * in 3 % with six (test/history/noise.test.ts measures it).
 */
export const fewestRuns = 10;

/** So many standard deviations from the median are beyond noise. */
const limit = 5;

/** Makes a median absolute deviation the standard deviation of a normal distribution. */
const perDeviation = 1.4826;

/** The same for a mean absolute deviation: √(π/2). */
const perMeanDeviation = 1.2533;

/**
 * The scatter of what earlier runs measured, by the median and the median absolute deviation, which some runs on a busy host do not move
 * (Iglewicz and Hoaglin 1993, "How to Detect and Handle Outliers", the modified z-score); of logarithms, as times and ratios scatter in
 * proportion to their size. Where more than half of the figures are equal, the mean absolute deviation stands in, as they propose.
 * @returns undefined where that cannot be told: too few, all equal, or not all above zero
 */
export const noiseOf = (earlier: readonly number[]): Noise | undefined => {
	if (earlier.length < fewestRuns || earlier.some((value) => value <= 0)) {
		return undefined;
	}

	const logs = earlier.map((value) => Math.log(value));
	const center = median(logs);
	const distances = logs.map((value) => Math.abs(value - center));
	const mean = distances.reduce((sum, value) => sum + value) / distances.length;
	const deviation = median(distances) * perDeviation || mean * perMeanDeviation;
	if (deviation === 0) {
		return undefined;
	}

	const reach = limit * deviation;
	return {
		runs: earlier.length,
		median: Math.exp(center),
		low: Math.exp(center - reach),
		high: Math.exp(center + reach),
	};
};

export type Direction = 'up' | 'down' | 'within';

/**
 * Where a figure went, beyond noise: so far from the median of earlier runs, and as far from the run it is compared with. That one may be
 * the odd one out itself: then the figure is not `up` or `down` for being like all the others.
 */
export const directionOf = (before: number, after: number, {median: center, low, high}: Noise): Direction => {
	// Both limits lie as far from the median, as factors.
	const reach = high / center;
	if (after > high && after > before * reach) {
		return 'up';
	}

	return after < low && after < before / reach ? 'down' : 'within';
};
