import test from 'ava';
import {open} from '../lab/_lab.ts';
import {bootProbeMachine} from '../e2e/_probe-machine.ts';
import {type Outcome, runScenarios} from '../e2e/_run-scenarios.ts';

/** Of a probe whose kernel is told more. */
const judgeTso = async (t: Parameters<typeof open>[0], append: string): Promise<Outcome> => {
	t.timeout(240_000);
	await using lab = await open(t);
	await using probe = await bootProbeMachine({lab, append});
	return await runScenarios(probe, {ids: /^offload-tso/v, selected: ['hw.net.tso4']});
};

// A legacy adapter has 32 feature bits, and HOST_USO is bit 56 (virtio 1.3, 5.1.3): the kernel itself cuts.
const udpText =
	'UDP segmentation (not judged): longest frame 1442 bytes; HOST_USO not negotiated, tx-udp-segmentation off [fixed]';

test.serial('TCP over IPv6 and UDP segmentation are shown', async (t) => {
	const {rows, notes, measurements} = await judgeTso(t, '');
	t.is(rows.get('hw.net.tso4')?.verdict, 'pass');
	t.deepEqual(notes, []);
	const [tcp6, udp] = measurements;
	t.regex(
		tcp6?.text ?? '',
		/^TCP over IPv6 \(not judged\): longest frame \d+ bytes; HOST_TSO6 negotiated, tx-tcp6-segmentation on$/v,
	);
	t.true((tcp6?.value ?? 0) > 1474);
	t.is(udp?.text, udpText);
});

test.serial('a kernel without IPv6 says so, and its verdict is the same', async (t) => {
	const {rows, notes, measurements} = await judgeTso(t, 'ipv6.disable=1');
	t.is(rows.get('hw.net.tso4')?.verdict, 'pass');
	t.deepEqual(notes, [
		'TCP over IPv6 is not judged, and was not seen: the guest has no IPv6; HOST_TSO6 negotiated, tx-tcp6-segmentation on',
	]);
	t.deepEqual(
		measurements.map(({text}) => text),
		[udpText],
	);
});
