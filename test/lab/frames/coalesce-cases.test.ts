import path from 'node:path';
import test from 'ava';
import {Deadline} from '../../../harness/core/deadline.ts';
import {pollPause} from '../../../harness/core/clock.ts';
import {type CoalesceCase, coalesceCases} from '../../../harness/lab/frames/coalesce-cases.ts';
import {type FrameTool, openFrameTool} from '../../../harness/lab/frames/frame-tool.ts';
import {parsePacket} from '../../../harness/lab/frames/packet.ts';
import {receivedPayloads} from '../../../harness/lab/frames/received-payloads.ts';
import {counters} from './_counters.ts';
import {flow4, flow6} from './_flow.ts';
import {openTestNetwork, vethPair} from './_network.ts';

const feature = `/usr/bin/python3 ${path.join(import.meta.dirname, '_feature.py')}`;

/** A receiver that merges: veth does when its peer cannot segment (drivers/net/veth.c `veth_skb_is_eligible_for_gro`). */
const mergingPair = (gro: 0 | 1): string => `${vethPair}
	${feature} lab0 tso 0
	${feature} guest0 gro ${gro}
	ip address add 10.128.0.2/24 dev guest0
	echo 20000000 > /sys/class/net/guest0/gro_flush_timeout
	echo 100 > /sys/class/net/guest0/napi_defer_hard_irqs`;

/** What the receiver's packet socket saw, within three tries. */
const merged = async (
	{name, frames, expectedPayloads}: CoalesceCase,
	{lab, guest, deadline}: {readonly lab: FrameTool; readonly guest: FrameTool; readonly deadline: Deadline},
): Promise<{readonly name: string; readonly seen: readonly number[]}> => {
	let seen: readonly number[] = [];
	for (let tries = 0; tries < 3 && seen.join(',') !== expectedPayloads.join(','); tries += 1) {
		await using run = await guest.capture({filter: {direction: 'from-guest'}, maxFrames: 1000, deadline});
		await lab.inject(frames, deadline);
		await pollPause(60);
		const captured = await run.stop(deadline);
		const stream = Buffer.concat(captured.frames.map(({bytes}) => bytes));
		seen = receivedPayloads(stream, name.includes('v6') ? flow6 : flow4) ?? [];
	}

	return {name, seen};
};

test('this kernel merges as the selftest expects', async (t) => {
	await using network = await openTestNetwork(mergingPair(1));
	const {enter} = network;
	const {signal} = new AbortController();
	await using lab = await openFrameTool({enter, interface: 'lab0', signal});
	await using guest = await openFrameTool({enter, interface: 'guest0', signal});
	using deadline = new Deadline({phase: 'test', budgetMs: 50_000});
	const cases4 = coalesceCases(() => flow4, {mtu: 1460});
	for (const one of cases4) {
		const before = await counters(network);
		await lab.inject(one.frames, deadline);
		await pollPause(60);
		const after = await counters(network);
		if (one.isJudged) {
			const grown = {
				frames: after.frames - before.frames,
				packets: after.packets - before.packets,
				brokenChecksums: after.brokenTcp - before.brokenTcp,
			};
			const {frames, expectedPackets: packets, brokenChecksums} = one;
			t.deepEqual(grown, {frames: frames.length, packets, brokenChecksums}, `${one.name}, by counters`);
		}
	}

	const cases = [
		...cases4,
		...coalesceCases(() => flow6, {mtu: 1460}).map((one) => ({...one, name: `${one.name}-v6`})),
	];
	for (const one of cases) {
		const {seen} = await merged(one, {lab, guest, deadline});
		// Linux before 6.18 does not merge it, and does right.
		if (one.isJudged) {
			t.deepEqual(seen, one.expectedPayloads, one.name);
		} else {
			t.log(one.name, 'expected', one.expectedPayloads.join(','), 'seen', seen.join(','));
		}
	}
});

test('a receiver without GRO sees every frame by itself', async (t) => {
	await using network = await openTestNetwork(mergingPair(0));
	const {enter} = network;
	const {signal} = new AbortController();
	await using lab = await openFrameTool({enter, interface: 'lab0', signal});
	await using guest = await openFrameTool({enter, interface: 'guest0', signal});
	using deadline = new Deadline({phase: 'test', budgetMs: 20_000});
	const [one] = coalesceCases(() => flow4, {mtu: 1460});
	const {seen} = await merged(one!, {lab, guest, deadline});
	t.deepEqual(seen, [100, 100]);
});

test('the cases are whole: names once, payloads kept, IPv4 headers for IPv4 only', (t) => {
	const cases = coalesceCases(() => flow4, {mtu: 1460});
	t.deepEqual(
		cases.map(({name}) => name),
		[...new Set(cases.map(({name}) => name))],
	);
	for (const {name, frames, expectedPayloads, expectedPackets} of cases) {
		const sent = frames.reduce((sum, {bytes}) => sum + (parsePacket(bytes)?.payload.length ?? NaN), 0);
		t.is(
			sent,
			expectedPayloads.reduce((sum, size) => sum + size),
			name,
		);
		t.is(expectedPackets, expectedPayloads.length);
		t.true(
			frames.every(({bytes}) => bytes.length <= 1474),
			name,
		);
	}

	t.deepEqual(
		cases.filter(({brokenChecksums}) => brokenChecksums > 0).map(({name}) => name),
		['tcp-checksum'],
	);
	const names6 = new Set(coalesceCases(() => flow6, {mtu: 1460}).map(({name}) => name));
	t.deepEqual(
		cases.map(({name}) => name).filter((name) => !names6.has(name)),
		[
			'ip-ttl',
			'ip-options',
			'ip-fragment',
			'ip-id-counts-df',
			'ip-id-fixed-df',
			'ip-id-counts',
			'ip-id-fixed',
			'ip-id-counts-then-fixed',
			'ip-id-fixed-then-counts',
		],
	);
});
