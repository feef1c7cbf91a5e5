import test from 'ava';
import {Deadline} from '../../../harness/core/deadline.ts';
import {DeadlineError, HostError} from '../../../harness/core/errors.ts';
import {type MeasurePairs, measurePairs} from '../../../harness/machine/offload/measure-pairs.ts';

type Window = {readonly bytes: number; readonly frames: number; readonly vcpuMs: number};

/** A stream whose windows are scripted: what the counters say grows by it from one look to the next. */
const scripted = (
	script: (arm: 'on' | 'off', index: number) => Partial<Window>,
	options: Partial<MeasurePairs> = {},
): {readonly options: MeasurePairs; readonly toggles: readonly string[]; readonly windows: readonly string[]} => {
	const toggles: string[] = [];
	const windows: string[] = [];
	const total = {bytes: 0, frames: 0, vcpuMs: 0};
	let arm: 'on' | 'off' = 'off';
	let looks = 0;
	return {
		toggles,
		windows,
		options: {
			toggle: async (to) => {
				toggles.push(to);
				arm = to;
			},
			counters: async () => {
				if (looks++ % 2 === 1) {
					const {bytes = 0, frames = 0, vcpuMs = 1} = script(arm, windows.length);
					windows.push(arm);
					total.bytes += bytes;
					total.frames += frames;
					total.vcpuMs += vcpuMs;
				}

				return {stream: {bytes: total.bytes, frames: total.frames}, vcpuMs: total.vcpuMs};
			},
			threshold: 1.2,
			direction: 'more-than',
			window: {ms: 1, vcpuMs: 0, maxMs: 1},
			maxPairs: 12,
			deadline: new Deadline({phase: 'measure', budgetMs: 20_000}),
			...options,
		},
	};
};

const steady = (on: number, off: number) => (arm: 'on' | 'off') => ({
	bytes: arm === 'on' ? on : off,
	frames: arm === 'on' ? 1 : 10,
});

test('on, off, off, on: no arm is always the first one, and nothing is switched in vain', async (t) => {
	const {options, toggles, windows} = scripted(steady(240_000, 120_000));
	await measurePairs(options);
	t.is(windows.join(' '), 'on off off on on off off on on off off on');
	t.is(toggles.join(' '), 'on off on off on off on');
});

test('stops as soon as the interval decides, at six pairs at the earliest; what is too slow has to be so three times in a row', async (t) => {
	const above = await measurePairs(scripted(steady(400_000, 100_000)).options);
	t.true(above.decided);
	t.is(above.vcpu.samples.length, 6);
	t.is(above.vcpu.value, 4);
	t.deepEqual(above.vcpu.ci95, [4, 4]);
	t.is(above.on.bytesPerFrame, 400_000);
	t.is(above.off.bytesPerFrame, 10_000);
	t.is(above.on.windows.bytesPerFrame.length, above.vcpu.samples.length);
	t.true(above.on.windows.bytesPerFrame.every((bytes) => bytes === 400_000));
	const below = await measurePairs(scripted(steady(100_000, 100_000)).options);
	t.true(below.decided);
	t.is(below.vcpu.value, 1);
	t.is(below.vcpu.samples.length, 12);
});

test('a few slow pairs at first are no verdict', async (t) => {
	const late = (arm: 'on' | 'off', index: number) => steady(index < 14 ? 100_000 : 400_000, 100_000)(arm);
	const {options} = scripted(late, {maxPairs: 42});
	const measured = await measurePairs(options);
	t.true(measured.decided);
	t.is(measured.vcpu.ci95[1], 4);
	t.true(measured.vcpu.ci95[0] > 1.2, JSON.stringify(measured.vcpu));
});

test('an interval that straddles uses the budget up', async (t) => {
	const torn = (arm: 'on' | 'off', index: number) => ({
		bytes: arm === 'off' ? 100_000 : index % 8 < 4 ? 60_000 : 300_000,
		frames: 1,
	});
	const measured = await measurePairs(scripted(torn).options);
	t.false(measured.decided);
	t.is(measured.vcpu.samples.length, 12);
	t.true(measured.vcpu.ci95[0] < 1.2 && measured.vcpu.ci95[1] > 1.2);
});

test('processor time, not the clock, is what the ratio of the processor is made of', async (t) => {
	const measured = await measurePairs(
		scripted((arm) => ({bytes: 100_000, frames: 1, vcpuMs: arm === 'on' ? 5 : 15})).options,
	);
	t.is(Number(measured.vcpu.value.toFixed(6)), 3);
	t.true(measured.wall.value < 2.5, 'the same bytes in the same time');
});

test('a window in which nothing moved, or for which no processor time was accounted, is left out', async (t) => {
	const {options, windows} = scripted((arm, index) => ({
		...steady(400_000, 100_000)(arm),
		...(index === 2 && {bytes: 0, frames: 0, vcpuMs: 0}),
		...(index === 6 && {vcpuMs: 0}),
	}));
	const measured = await measurePairs(options);
	t.is(measured.vcpu.samples.length, 6);
	t.is(windows.length, 16);
	t.deepEqual(measured.vcpu.ci95, [4, 4]);
});

test('a stream that stands still is given up soon, and is the host’s fault', async (t) => {
	const {options, windows} = scripted((arm, index) => (index < 4 ? steady(4, 1)(arm) : {}), {maxPairs: 42});
	const error = await t.throwsAsync(measurePairs(options), {instanceOf: HostError});
	t.regex(error.message, /^Nothing moved through the stream in the last 6 windows \(0\.\d s\)$/v);
	t.is(windows.length, 10);
});

test('a stream that moves now and then says nothing: never a verdict from a few lucky pairs', async (t) => {
	const {options} = scripted((arm, index) => (index % 6 < 2 ? steady(400_000, 100_000)(arm) : {}));
	await t.throwsAsync(measurePairs(options), {
		instanceOf: HostError,
		message: 'Nothing moved through the stream in most windows: 4 of 12 pairs can be compared, 6 are needed',
	});
});

test('the deadline ends it in the middle of a window', async (t) => {
	using deadline = new Deadline({phase: 'measure', budgetMs: 50});
	const {options} = scripted(steady(1, 1), {window: {ms: 10_000, vcpuMs: 0, maxMs: 10_000}, deadline});
	await t.throwsAsync(measurePairs(options), {
		instanceOf: DeadlineError,
		message: 'Phase "measure" was not over after 0.1 s',
	});
});

test('a window waits for the processor time, which a busy host gives late, and not for ever', async (t) => {
	let looks = 0;
	const {options} = scripted(() => ({}), {
		window: {ms: 5, vcpuMs: 100, maxMs: 10_000},
		counters: async () => {
			looks++;
			return {stream: {bytes: looks * 1000, frames: looks}, vcpuMs: looks * 30};
		},
	});
	const measured = await measurePairs(options);
	t.is(measured.on.bytesPerFrame, 1000);
	// Twelve pairs, as it is too slow, of two windows: the look before, and the four that it takes until 120 ms of processor time are over.
	t.is(looks, 12 * 2 * 5);
	const idle = await measurePairs({
		...options,
		window: {ms: 1, vcpuMs: Infinity, maxMs: 5},
	});
	t.is(idle.vcpu.value, 1);
});
