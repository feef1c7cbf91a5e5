import test from 'ava';
import {directionOf, fewestRuns, noiseOf} from '../../harness/history/noise.ts';

/** Uniform numbers of the tests' own, by the generator of Lehmer with Park and Miller's constants; the same every time. */
const uniform = (seed: number): (() => number) => {
	let state = seed;
	return () => {
		state = (state * 48_271) % 2_147_483_647;
		return state / 2_147_483_647;
	};
};

/** By Box and Muller. */
const normal = (random: () => number): number => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());

/** Boots of 20 s that scatter by about a tenth. */
const hosts: Readonly<Record<string, (random: () => number) => number>> = {
	'a quiet host': (random) => 20_000 * Math.exp(normal(random) / 10),
	'a host that is busy now and then': (random) =>
		20_000 * Math.exp(normal(random) / 10 + (random() < 0.1 ? Math.abs(normal(random)) * 0.4 : 0)),
	"Student's t with three degrees of freedom": (random) => {
		const squares = Array.from({length: 3}, () => normal(random) ** 2).reduce((sum, value) => sum + value);
		return 20_000 * Math.exp(normal(random) / 10 / Math.sqrt(squares / 3));
	},
};

/** How often a run is called another than the one before it, in percent. */
const alarms = (draw: (random: () => number) => number, {runs, factor}: {runs: number; factor: number}): number => {
	const random = uniform(runs);
	const trials = 4000;
	const hits = Array.from({length: trials}, () => {
		const earlier = Array.from({length: runs}, () => draw(random));
		return directionOf(earlier[0]!, draw(random) * factor, noiseOf(earlier)!) !== 'within';
	}).filter(Boolean).length;
	return (100 * hits) / trials;
};

// Measured with 20 000 trials: 0.7, 0.1; 2.7, 1.9; 2.5, 1.5 %. The standard error of 4000 is 0.3 % at most.
for (const [host, runs, most] of [
	['a quiet host', fewestRuns, 1.5],
	['a quiet host', 20, 0.5],
	['a host that is busy now and then', fewestRuns, 4],
	['a host that is busy now and then', 20, 3],
	["Student's t with three degrees of freedom", fewestRuns, 4],
	["Student's t with three degrees of freedom", 20, 3],
] as const) {
	test(`false alarms of a test on ${host}, after ${runs} runs: at most ${most} %`, (t) => {
		const percent = alarms(hosts[host]!, {runs, factor: 1});
		t.log(`${percent.toFixed(2)} %`);
		t.true(percent <= most);
	});
}

test('what is twice as slow is found, and what is a tenth slower is not told from noise', (t) => {
	const found = alarms(hosts['a quiet host']!, {runs: 20, factor: 2});
	t.log(`${found.toFixed(1)} %`);
	t.true(found > 80);
	t.true(alarms(hosts['a quiet host']!, {runs: 20, factor: 1.1}) < 5);
});

const around = [96, 97, 98, 99, 100, 100, 101, 102, 103, 104];

test('too few, all equal, or zero: nothing is known', (t) => {
	t.is(around.length, fewestRuns);
	t.not(noiseOf(around), undefined);
	t.is(noiseOf(around.slice(1)), undefined);
	t.is(noiseOf(around.map(() => 7)), undefined);
	t.is(noiseOf([...around.slice(1), 0]), undefined);
});

test('one bad day moves neither the median nor the scatter', (t) => {
	const {median, high} = noiseOf(around)!;
	const spoilt = noiseOf([...around, 100_000])!;
	t.true(Math.abs(spoilt.median - median) <= 1);
	t.true(spoilt.high < high * 1.1);
});

test('where most are equal the mean deviation stands in', (t) => {
	const {low, median, high} = noiseOf([...Array.from({length: 9}, () => 100), 110])!;
	t.is(Math.round(median), 100);
	t.true(low < 95 && low > 90 && high > 105 && high < 110);
});

test('up and down are beyond the noise of the median and of the run before', (t) => {
	const noise = noiseOf(around)!;
	t.is(directionOf(100, 150, noise), 'up');
	t.is(directionOf(100, 60, noise), 'down');
	t.is(directionOf(100, 104, noise), 'within');
	// The run before was the odd one out.
	t.is(directionOf(150, 100, noise), 'within');
	// It was as slow before.
	t.is(directionOf(149, 150, noise), 'within');
	t.is(directionOf(60, 150, noise), 'up');
});
