import {type Measurement} from '../../core/events.ts';
import {type Estimate} from '../../core/statistics.ts';
import {type Evidence, type Judgement, judgeEvidence} from '../../core/verdict.ts';
import {type Measured} from './measure-pairs.ts';

/** What a ratio must reach: the lower end of its 95 % interval. */
export type ThroughputRule = {readonly threshold: number; readonly direction: 'at-least' | 'more-than'};

export type JudgeThroughput = ThroughputRule & {
	readonly measured: Measured;
	/** Only there the wall clock is the guest's own: under TCG it is the emulator's and the other load's. */
	readonly judgesWallTime: boolean;
	/** What else has to hold. */
	readonly evidence: readonly Evidence[];
};

/**
 * Judges a measurement: pass when the whole interval is on the right side, fail when all of it is on the wrong one, and `skip` when it
 * still straddles at the end of the budget: never by luck.
 */
export const judgeThroughput = ({measured, judgesWallTime, evidence, ...rule}: JudgeThroughput): Judgement => {
	const ratios = [
		ratioOf('processor time of the virtual CPUs for a byte, without the offload ÷ with it', measured.vcpu, rule),
		...(judgesWallTime ? [ratioOf('rate with the offload ÷ without it', measured.wall, rule)] : []),
	];
	const all = [...evidence, ...ratios.map((ratio) => ratio.evidence)];
	const unclear = ratios.filter(({straddles}) => straddles);
	if (
		unclear.length > 0 &&
		evidence.every(({holds}) => holds) &&
		ratios.every(({evidence: {holds}, straddles}) => holds || straddles)
	) {
		const reason = `inconclusive after ${measured.vcpu.samples.length} pairs: ${unclear.map(({evidence: {what, observed, expected}}) => `${what} is ${observed}, required ${expected}`).join('; ')}`;
		return {verdict: 'skip', reason, evidence: all, fix: 'Measure again on a host that is less busy, or under KVM.'};
	}

	return judgeEvidence(all);
};

const ratioOf = (
	what: string,
	estimate: Estimate & {readonly samples: readonly number[]},
	{threshold, direction}: ThroughputRule,
): {readonly evidence: Evidence; readonly straddles: boolean} => {
	const [low, high] = estimate.ci95;
	const enough = (value: number): boolean => (direction === 'at-least' ? value >= threshold : value > threshold);
	return {
		evidence: {
			side: 'host',
			what: `${what} (${estimate.samples.length} pairs)`,
			expected: `${direction === 'at-least' ? 'at least' : 'more than'} ${threshold.toFixed(2)} at the lower end of the 95 % interval`,
			observed: shown(estimate),
			holds: enough(low),
		},
		straddles: !enough(low) && enough(high),
	};
};

const shown = ({value, ci95: [low, high]}: Estimate): string =>
	`${value.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;

type MeasurementsOf = Pick<Measurement, 'frameSizes' | 'merged'> & {
	/** As people call the offload. */
	readonly name: string;
	readonly measured: Measured;
};

/** The two ratios, for the result file and for people. */
export const measurementsOf = (
	id: string,
	{name, measured, frameSizes, merged}: MeasurementsOf,
): readonly Measurement[] => {
	const {wall, vcpu, on, off} = measured;
	const rates = `${name}: ${on.mbitPerSecond.toFixed(0)} Mbit/s with it, ${off.mbitPerSecond.toFixed(0)} without, ratio ${shown(wall)}`;
	const frames = `${on.bytesPerFrame.toFixed(0)} and ${off.bytesPerFrame.toFixed(0)} bytes a frame`;
	const arms = [
		{unit: 'Mbit/s', on: on.windows.mbitPerSecond, off: off.windows.mbitPerSecond},
		{unit: 'bytes a frame', on: on.windows.bytesPerFrame, off: off.windows.bytesPerFrame},
	];
	return [
		{
			id,
			metric: 'wall-ratio',
			...wall,
			arms,
			frameSizes,
			merged,
			text: `${rates}; ${frames}${merged === undefined ? '' : `; ${merged.on.toFixed(1)} segments to a packet with it, ${merged.off.toFixed(1)} without`}`,
		},
		{
			id,
			metric: 'vcpu-time-ratio',
			...vcpu,
			text: `${name}: processor time for a byte without it ÷ with it ${shown(vcpu)}, ${vcpu.samples.length} pairs`,
		},
	];
};
