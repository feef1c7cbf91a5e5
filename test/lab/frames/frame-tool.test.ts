import test from 'ava';
import {segmentProblems} from '../../../harness/lab/frames/check-segments.ts';
import {coalesceCases} from '../../../harness/lab/frames/coalesce-cases.ts';
import {tcpFlags} from '../../../harness/lab/frames/packet.ts';
import {segmentFrame} from '../../../harness/lab/frames/segments.ts';
import {buildVnetHeader, plainHeader, vnetHeaderBytes} from '../../../harness/lab/frames/vnet-header.ts';
import {blast} from './_blast.ts';
import {flow4, flow6, largeFrame, payloadOf} from './_flow.ts';
import {openTestNetwork, vethPair} from './_network.ts';
import {allOffloads, openTap} from './_tap.ts';
import {inTime, open} from './_tool.ts';

test('what is injected on one side is captured on both, in order and byte by byte', async (t) => {
	await using network = await openTestNetwork(vethPair);
	await using lab = await open(network, 'lab0');
	await using guest = await open(network, 'guest0');
	using deadline = inTime();
	const sent = coalesceCases(() => flow4, {mtu: 1460}).flatMap(({frames}) => frames);
	await using left = await lab.capture({filter: {direction: 'to-guest'}, maxFrames: 1000, deadline});
	await using right = await guest.capture({filter: {ipProtocol: 6, port: 8000}, maxFrames: 1000, deadline});
	await using others = await guest.capture({filter: {ipProtocol: 6, port: 8001}, maxFrames: 1000, deadline});
	await lab.inject(sent, deadline);
	for (const [run, direction] of [
		[left, 'to-guest'],
		[right, 'from-guest'],
	] as const) {
		const {frames, full, unseen} = await run.stop(deadline);
		t.deepEqual({full, unseen, frames: frames.length}, {full: false, unseen: 0, frames: sent.length});
		t.deepEqual(
			frames.map(({bytes}) => bytes.toString('hex')),
			sent.map(({bytes}) => bytes.toString('hex')),
		);
		t.true(frames.every((frame) => frame.direction === direction && frame.wireBytes === frame.bytes.length));
		t.deepEqual(frames[0]?.header, plainHeader);
	}

	t.deepEqual(await others.stop(deadline), {frames: [], full: false, unseen: 0});
});

test('a limit ends the capture, a snap length cuts frames, the header survives', async (t) => {
	await using network = await openTestNetwork(vethPair);
	await using lab = await open(network, 'lab0');
	using deadline = inTime();
	await using run = await lab.capture({filter: {}, snapBytes: 20, maxFrames: 2, deadline});
	const frame = largeFrame(flow4, payloadOf(5000));
	await lab.inject([frame, frame, frame], deadline);
	const {frames, full} = await run.stop(deadline);
	t.true(full);
	t.is(frames.length, 2);
	t.is(frames[0]?.wireBytes, frame.bytes.length);
	t.deepEqual(frames[0]?.bytes, frame.bytes.subarray(0, 20));
	t.like(frames[0]?.header, {flags: 1, gsoType: 1, gsoBytes: 1408, checksumStart: 34, checksumOffset: 16});
});

for (const [name, flow] of [
	['IPv4', flow4],
	['IPv6', flow6],
] as const) {
	test(`the kernel cuts a large ${name} frame into the segments that we compute`, async (t) => {
		await using network = await openTestNetwork('sysctl -qw net.ipv6.conf.default.disable_ipv6=1');
		await using tap = await openTap(network, 0);
		await using lab = await open(network, 'tap0');
		using deadline = inTime();
		const frame = largeFrame(flow, payloadOf(20_000), {
			gsoBytes: 1380,
			flags: tcpFlags.fin | tcpFlags.psh | tcpFlags.cwr,
		});
		const computed = segmentFrame(frame.bytes, frame.header);
		if (computed.type === 'faulty') {
			t.fail(computed.problems.join('; '));
			return;
		}

		await using count = await lab.count({direction: 'to-guest'}, deadline);
		await lab.inject([frame], deadline);
		const read = await tap.read(computed.segments.length);
		const cut = read.map((bytes) => bytes.subarray(vnetHeaderBytes));
		t.deepEqual(
			cut.map((bytes) => bytes.toString('hex')),
			computed.segments.map((bytes) => bytes.toString('hex')),
		);
		t.deepEqual(segmentProblems({frame: frame.bytes, segments: cut, gsoBytes: 1380, mtu: 1460}), []);
		const counted = await count.stop(deadline);
		t.is(counted['to-guest'].frames, 15);
		t.is(counted['to-guest'].gso.none, 15);
		t.is(counted.unseen, 0);
	});
}

test('a tap with offloads hands the large frame over whole, and counts what comes in', async (t) => {
	await using network = await openTestNetwork('sysctl -qw net.ipv6.conf.default.disable_ipv6=1');
	await using tap = await openTap(network, allOffloads);
	await using lab = await open(network, 'tap0');
	using deadline = inTime();
	const frame = largeFrame(flow4, payloadOf(60_000));
	await using count = await lab.count({}, deadline);
	await using capture = await lab.capture({filter: {direction: 'from-guest'}, maxFrames: 100, deadline});
	await lab.inject([frame], deadline);
	const [whole] = await tap.read(1);
	t.deepEqual(whole, Buffer.concat([buildVnetHeader(frame.header), frame.bytes]));
	await tap.write(whole!);
	await tap.write(Buffer.concat([buildVnetHeader({...plainHeader, flags: 2}), frame.bytes.subarray(0, 1000)]));

	const {frames} = await capture.stop(deadline);
	t.deepEqual(frames[0]?.bytes, frame.bytes);
	t.deepEqual(frames[0]?.header, frame.header);
	// Whoever sends cannot say that somebody verified it: the kernel takes NEEDS_CSUM only.
	t.is(frames[1]?.header.flags, 0);
	const counts = await count.stop(deadline);
	const gso = {none: 0, tcp4: 1, ufo: 0, tcp6: 0, udp: 0, unknown: 0};
	const one = {frames: 1, bytes: 60_054, longestBytes: 60_054, gso, needsChecksum: 1, dataValid: 0};
	t.deepEqual(counts['to-guest'], {...one, sizes: new Map([[60_054, 1]])});
	t.deepEqual(counts['from-guest'], {
		frames: 2,
		bytes: 61_054,
		longestBytes: 60_054,
		gso: {...gso, none: 1},
		needsChecksum: 1,
		dataValid: 0,
		sizes: new Map([
			[1000, 1],
			[60_054, 1],
		]),
	});
	t.is(counts.unseen, 0);
});

for (const {name, frame, count} of [
	{name: '1474 bytes', frame: {header: plainHeader, bytes: Buffer.alloc(1474, 1)}, count: 300_000},
	{name: '64 KiB', frame: largeFrame(flow4, payloadOf(64_000)), count: 30_000},
]) {
	test.serial(`counting keeps up with a sender as fast as it can: frames of ${name}`, async (t) => {
		await using network = await openTestNetwork(vethPair);
		await using guest = await open(network, 'guest0');
		using deadline = inTime();
		await using run = await guest.count({direction: 'from-guest'}, deadline);
		const seconds = await blast(network, {count, frame});
		const {'from-guest': total, unseen} = await run.stop(deadline);
		const perSecond = `${(total.frames / seconds).toFixed(0)} frames/s, ${(total.bytes / seconds / 1e6).toFixed(0)} MB/s`;
		t.log(`${total.frames} frames, ${perSecond}, ${unseen} unseen`);
		t.is(total.frames + unseen, count);
		// Far above what a guest under TCG sends; a faster sender is the host's business.
		t.is(unseen, 0);
	});
}
