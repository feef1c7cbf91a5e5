import test from 'ava';
import fc from 'fast-check';
import {decide, estimateMedian, fewestSamples, pairedRatios, wilsonInterval} from '../../harness/core/statistics.ts';

/** A source of noise of the tests' own: a linear congruential generator and the sum of twelve uniform numbers. */
const noise = (seed: number): (() => number) => {
	let state = BigInt(seed);
	const uniform = (): number => {
		state = (state * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n) % 2n ** 64n;
		return Number(state >> 33n) / 2 ** 31;
	};
	return () => Array.from({length: 12}, uniform).reduce((sum, value) => sum + value) - 6;
};

/** Ratios around `center` that scatter as measured ones do, with now and then one that a busy host spoilt. */
const ratios = (count: number, {center, spread, seed}: {center: number; spread: number; seed: number}) => {
	const next = noise(seed);
	return Array.from({length: count}, () => center * Math.exp(spread * next()));
};

test('ratios of pairs; what is not above zero has none', (t) => {
	t.deepEqual(
		pairedRatios([
			{on: 3, off: 2},
			{on: 1, off: 4},
		]),
		[1.5, 0.25],
	);
	for (const pair of [
		{on: 0, off: 1},
		{on: 1, off: 0},
		{on: NaN, off: 1},
		{on: Infinity, off: 1},
	]) {
		t.throws(() => pairedRatios([pair]), {message: `No ratio of ${pair.on} and ${pair.off}`});
	}
});

test('median of odd and even numbers; no samples, no median', (t) => {
	t.is(estimateMedian([3, 1, 2]).value, 2);
	t.is(estimateMedian([4, 1, 2, 3]).value, 2.5);
	t.deepEqual(estimateMedian([7]), {value: 7, ci95: [7, 7]});
	t.throws(() => estimateMedian([]), {message: 'No median of no samples'});
});

test('the same samples give the same interval, in any order of calls; it holds the median and lies between the samples', (t) => {
	const samples = fc.array(fc.double({min: 0.01, max: 100, noNaN: true}), {minLength: 1, maxLength: 30});
	fc.assert(
		fc.property(samples, (values) => {
			const {value, ci95} = estimateMedian(values, {resamples: 200});
			t.deepEqual(estimateMedian(values, {resamples: 200}), {value, ci95});
			t.true(ci95[0] <= value && value <= ci95[1]);
			t.true(ci95[0] >= Math.min(...values) && ci95[1] <= Math.max(...values));
		}),
		{numRuns: 50},
	);
});

for (const count of [6, 12, 40]) {
	test(`the interval of ${count} samples holds the true median about 95 times in 100`, (t) => {
		const trials = 400;
		const hits = Array.from({length: trials}, (_, trial) => {
			const {ci95} = estimateMedian(ratios(count, {center: 1.06, spread: 0.14, seed: trial + 1}), {resamples: 400});
			return ci95[0] <= 1.06 && 1.06 <= ci95[1];
		}).filter(Boolean).length;
		t.log(`${((100 * hits) / trials).toFixed(1)} %`);
		// Four standard errors (1.1 %) around 95 %, and the percentile bootstrap of a median is known to be a little narrow.
		t.true(hits / trials > 0.9 && hits / trials < 0.995);
	});
}

test('decisions: beyond, short of, straddling, too few', (t) => {
	const near = (center: number, count = 12) => ratios(count, {center, spread: 0.05, seed: 3});
	const tso = {threshold: 1.2, direction: 'more-than'} as const;
	t.is(decide({samples: near(2.6), ...tso}), 'above');
	t.is(decide({samples: near(1), ...tso}), 'below');
	t.is(decide({samples: near(1.2), ...tso}), 'undecided');
	t.is(decide({samples: near(2.6, fewestSamples - 1), ...tso}), 'undecided');
	t.is(decide({samples: near(2.6, fewestSamples), ...tso}), 'above');
});

test('the threshold itself is enough for at-least, not for more-than', (t) => {
	const samples = Array.from({length: 8}, () => 0.9);
	t.is(decide({samples, threshold: 0.9, direction: 'at-least'}), 'above');
	t.is(decide({samples, threshold: 0.9, direction: 'more-than'}), 'below');
});

test('a true effect at the measured size is decided within the pairs we have, and never the wrong way', (t) => {
	const firstDecision = (seed: number, center: number, threshold: number) => {
		const samples = ratios(40, {center, spread: 0.14, seed});
		for (let count = fewestSamples; count <= 40; count += 1) {
			const decision = decide({samples: samples.slice(0, count), threshold, direction: 'at-least'});
			if (decision !== 'undecided') {
				return {decision, count};
			}
		}

		return {decision: 'undecided', count: 40};
	};
	const runs = Array.from({length: 40}, (_, seed) => firstDecision(seed + 1, 1.06, 0.9));
	t.deepEqual(
		runs.filter(({decision}) => decision === 'below'),
		[],
	);
	t.log(
		`checksum: ${runs.filter(({decision}) => decision === 'above').length} of 40 decided, at most ${Math.max(...runs.map(({count}) => count))} pairs`,
	);
	t.true(runs.filter(({decision}) => decision === 'above').length >= 38);
	const tso = Array.from({length: 40}, (_, seed) => firstDecision(seed + 1, 2.6, 1.2));
	t.true(tso.every(({decision, count}) => decision === 'above' && count === fewestSamples));
});

test('how often something happens: the interval of Wilson', (t) => {
	// Newcombe (1998), Statistics in Medicine 17, table I: 81 of 263, 0 of 20, 29 of 29.
	const rounded = (hits: number, runs: number): readonly number[] =>
		wilsonInterval(hits, runs).map((end) => Number(end.toFixed(4)));
	t.deepEqual(rounded(81, 263), [0.2553, 0.3662]);
	t.deepEqual(rounded(0, 20), [0, 0.1611]);
	t.deepEqual(rounded(29, 29), [0.883, 1]);
	t.throws(() => wilsonInterval(1, 0));
});
