import {HarnessBug} from './errors.ts';

/** An estimate with its 95 % confidence interval, as measurements stand in the result file. */
export type Estimate = {readonly value: number; readonly ci95: readonly [low: number, high: number]};

/** The same work measured with a thing on and off, right after each other. */
export type Pair = {readonly on: number; readonly off: number};

/**
 * One ratio a pair: what slows down both arms of a pair falls out (design/findings.md, "Offloads").
 * @throws HarnessBug for a measurement that is not above zero
 */
export const pairedRatios = (pairs: readonly Pair[]): readonly number[] =>
	pairs.map(({on, off}) => {
		if (!(on > 0 && off > 0 && Number.isFinite(on / off))) {
			throw new HarnessBug(`No ratio of ${on} and ${off}`);
		}

		return on / off;
	});

/**
 * The median and its interval: the percentile bootstrap (Efron 1979) over the samples. The same samples give the same interval.
 * @throws HarnessBug when there are none
 */
export const estimateMedian = (samples: readonly number[], {seed = 1, resamples = 2000} = {}): Estimate => {
	if (samples.length === 0) {
		throw new HarnessBug('No median of no samples');
	}

	const random = randomNumbers(seed);
	const pick = (): number => at(samples, Math.floor(random() * samples.length));
	const medians = Array.from({length: resamples}, () => median(samples.map(pick))).toSorted(ascending);
	return {value: median(samples), ci95: [quantile(medians, 0.025), quantile(medians, 0.975)]};
};

/**
 * `above`: the whole interval is on the far side of the threshold; `below`: the whole interval is on the near side;
 * `undecided`: it straddles, or there are too few samples to tell.
 */
export type Decision = 'above' | 'below' | 'undecided';

/**
 * Fewer samples never decide: all samples lie on one side of the true median by luck in 2·0.5ⁿ of all cases,
 * which is 6 % for five and 3 % for six, so no interval of less than six is one of 95 %.
 */
export const fewestSamples = 6;

/**
 * Whether the median of what was measured so far is beyond a threshold.
 * Asking after every pair and stopping at the first answer makes wrong answers likelier than 5 %: a verdict near the threshold
 * should be asked for every few pairs, not after each.
 * @param options.direction `more-than`: the threshold itself is not enough; `at-least`: it is
 */
export const decide = ({
	samples,
	threshold,
	direction,
	seed = 1,
}: {
	readonly samples: readonly number[];
	readonly threshold: number;
	readonly direction: 'more-than' | 'at-least';
	readonly seed?: number | undefined;
}): Decision => {
	if (samples.length < fewestSamples) {
		return 'undecided';
	}

	const {
		ci95: [low, high],
	} = estimateMedian(samples, {seed});
	const isEnough = (value: number): boolean => (direction === 'at-least' ? value >= threshold : value > threshold);
	return isEnough(low) ? 'above' : isEnough(high) ? 'undecided' : 'below';
};

/** Uniform numbers from 0 up to 1 by mulberry32, a 32-bit counter with a mixing step: fast, and the same for a seed everywhere. */
export const randomNumbers = (seed: number): (() => number) => {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d_2b_79_f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
};

/** Of an odd number the middle one, of an even number the mean of the two in the middle. */
export const median = (samples: readonly number[]): number => {
	const sorted = samples.toSorted(ascending);
	const middle = sorted.length >> 1;
	return sorted.length % 2 === 1 ? at(sorted, middle) : (at(sorted, middle - 1) + at(sorted, middle)) / 2;
};

const quantile = (sorted: readonly number[], share: number): number =>
	at(sorted, Math.min(sorted.length - 1, Math.floor(share * sorted.length)));

const at = (samples: readonly number[], index: number): number => samples[index] ?? NaN;

const ascending = (left: number, right: number): number => left - right;

/** 97.5 % of a normal distribution lie below it, in standard deviations. */
const z95 = 1.96;

/**
 * The 95 % interval of how often something happens that happened in `hits` of `runs` independent runs (Wilson 1927): it stays within
 * 0 and 1 and says something also where it never, or always, happened.
 * @throws HarnessBug when there was no run
 */
export const wilsonInterval = (hits: number, runs: number): readonly [low: number, high: number] => {
	if (!(runs > 0 && hits >= 0 && hits <= runs)) {
		throw new HarnessBug(`No share of ${hits} in ${runs}`);
	}

	const share = hits / runs;
	const spread = z95 ** 2 / runs;
	const middle = (share + spread / 2) / (1 + spread);
	const half = (z95 / (1 + spread)) * Math.sqrt((share * (1 - share)) / runs + spread / (4 * runs));
	return [Math.max(0, middle - half), Math.min(1, middle + half)];
};

/** "3 of 20 runs (95 %: 5 to 36 %)": how often something happened, as reports say it. */
export const rateWords = (hits: number, runs: number): string => {
	const [low, high] = wilsonInterval(hits, runs);
	const percent = (share: number): string => (share * 100).toFixed(0);
	return `${hits} of ${runs} runs (95 %: ${percent(low)} to ${percent(high)} %)`;
};
