import test from 'ava';
import {type Evidence} from '../../../harness/core/verdict.ts';
import {judgeThroughput, measurementsOf} from '../../../harness/machine/offload/judge-throughput.ts';
import {type Measured} from '../../../harness/machine/offload/measure-pairs.ts';
import {throughputRules} from '../../../harness/machine/offload/throughput-rules.ts';

type Ratio = Measured['vcpu'];
const ratio = (low: number, value: number, high: number): Ratio => ({
	value,
	ci95: [low, high],
	samples: [low, value, value, value, value, high],
});
const measured = (vcpu: Ratio, wall: Ratio = ratio(1, 1, 1)): Measured => ({
	vcpu,
	wall,
	on: {mbitPerSecond: 1234.6, bytesPerFrame: 45_000.4, windows: {mbitPerSecond: [1235], bytesPerFrame: [45_000]}},
	off: {mbitPerSecond: 400, bytesPerFrame: 1474, windows: {mbitPerSecond: [400], bytesPerFrame: [1474]}},
	decided: true,
});
const holds: Evidence = {side: 'guest', what: 'tx', expected: 'on', observed: 'on', holds: true};
const judge = (result: Measured, more: Partial<Parameters<typeof judgeThroughput>[0]> = {}) =>
	judgeThroughput({...throughputRules.tso4, measured: result, judgesWallTime: false, evidence: [holds], ...more});

test('the thresholds are the catalogue’s', (t) => {
	t.deepEqual(throughputRules, {
		checksum: {threshold: 0.9, direction: 'at-least'},
		tso4: {threshold: 1.2, direction: 'more-than'},
		gro4: {threshold: 0.9, direction: 'at-least'},
	});
});

test('an interval above passes, one below fails, and one on both sides is skipped', (t) => {
	t.is(judge(measured(ratio(1.21, 2, 3))).verdict, 'pass');
	const failed = judge(measured(ratio(0.9, 1, 1.1)));
	t.is(failed.verdict, 'fail');
	t.is(
		failed.reason,
		'processor time of the virtual CPUs for a byte, without the offload ÷ with it (6 pairs) is 1.00 (0.90 to 1.10), required more than 1.20 at the lower end of the 95 % interval (host)',
	);
	const unclear = judge(measured(ratio(1.1, 1.3, 1.5)));
	t.is(unclear.verdict, 'skip');
	t.is(
		unclear.reason,
		'inconclusive after 6 pairs: processor time of the virtual CPUs for a byte, without the offload ÷ with it (6 pairs) is 1.30 (1.10 to 1.50), required more than 1.20 at the lower end of the 95 % interval',
	);
	t.is(unclear.fix, 'Measure again on a host that is less busy, or under KVM.');
	t.is(unclear.evidence.length, 2);
});

test('the threshold itself is enough for "at least", and not for "more than"', (t) => {
	t.is(judge(measured(ratio(1.2, 1.2, 1.2))).verdict, 'fail');
	t.is(judge(measured(ratio(1.2, 1.3, 1.4))).verdict, 'skip');
	t.is(judge(measured(ratio(0.9, 0.9, 0.9)), throughputRules.checksum).verdict, 'pass');
	t.is(judge(measured(ratio(0.89, 0.89, 0.899)), throughputRules.checksum).verdict, 'fail');
});

test('the wall clock counts where it is the guest’s own', (t) => {
	const slow = measured(ratio(2, 2, 2), ratio(0.8, 0.9, 1));
	t.is(judge(slow).verdict, 'pass');
	t.is(judge(slow, {judgesWallTime: true}).verdict, 'fail');
	// What fails for sure is not made doubtful by what straddles.
	t.is(judge(measured(ratio(1, 1.3, 2), ratio(0.8, 0.9, 1)), {judgesWallTime: true}).verdict, 'fail');
	t.is(judge(measured(ratio(2, 2, 2), ratio(1, 1.3, 2)), {judgesWallTime: true}).verdict, 'skip');
});

test('other evidence that does not hold fails the row, also where the interval straddles', (t) => {
	const broken = {...holds, observed: 'off', holds: false};
	t.is(judge(measured(ratio(2, 2, 2)), {evidence: [broken]}).verdict, 'fail');
	t.is(judge(measured(ratio(1, 1.3, 2)), {evidence: [broken]}).verdict, 'fail');
});

test('figures for the reports', (t) => {
	const frameSizes = {limits: [64], on: [1, 2], off: [3, 4], unseen: 0};
	const [wall, vcpu] = measurementsOf('throughput.tso4', {
		name: 'TSO',
		measured: measured(ratio(1.5, 2, 2.5), ratio(2, 3, 4)),
		frameSizes,
		merged: {on: 36.84, off: 1},
	});
	t.like(wall, {id: 'throughput.tso4', metric: 'wall-ratio', value: 3, ci95: [2, 4]});
	t.is(
		wall?.text,
		'TSO: 1235 Mbit/s with it, 400 without, ratio 3.00 (2.00 to 4.00); 45000 and 1474 bytes a frame; 36.8 segments to a packet with it, 1.0 without',
	);
	t.is(wall?.frameSizes, frameSizes);
	t.deepEqual(wall?.merged, {on: 36.84, off: 1});
	t.deepEqual(wall?.arms, [
		{unit: 'Mbit/s', on: [1235], off: [400]},
		{unit: 'bytes a frame', on: [45_000], off: [1474]},
	]);
	t.like(vcpu, {metric: 'vcpu-time-ratio', value: 2});
	t.is(vcpu?.text, 'TSO: processor time for a byte without it ÷ with it 2.00 (1.50 to 2.50), 6 pairs');
});
