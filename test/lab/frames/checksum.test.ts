import test from 'ava';
import fc from 'fast-check';
import {breakChecksum} from '../../../harness/lab/frames/broken-checksum.ts';
import {buildPacket, mustParse} from '../../../harness/lab/frames/build-packet.ts';
import {
	internetChecksum,
	isIpChecksumRight,
	sum16,
	hasPartialChecksum,
	transportChecksumState,
} from '../../../harness/lab/frames/checksum.ts';
import {parsePacket} from '../../../harness/lab/frames/packet.ts';
import {needsChecksum} from '../../../harness/lab/frames/vnet-header.ts';
import {flow4, flow6} from './_flow.ts';
import {recorded} from './_recorded.ts';

test('the example of RFC 1071, section 3, and an odd byte', (t) => {
	const bytes = Buffer.from('0001f203f4f5f6f7', 'hex');
	t.is(sum16(bytes), 0xdd_f2);
	t.is(internetChecksum(bytes), 0x22_0d);
	t.is(sum16(Buffer.from('010203', 'hex')), 0x04_02);
	t.is(sum16(Buffer.alloc(65_536, 0xff)), 0xff_ff);
});

test('recorded frames: partial exactly where the header says so, else right', (t) => {
	for (const [name, expected] of [
		['exchange', 'partial'],
		['exchange-plain', 'right'],
	] as const) {
		const packets = recorded(name)
			.map(({bytes, header}) => ({bytes, header, packet: parsePacket(bytes)}))
			.filter(({packet}) => packet !== undefined);
		t.true(packets.length > 20);
		for (const {bytes, header, packet} of packets) {
			t.is(transportChecksumState(bytes, packet!), expected);
			t.is(needsChecksum(header), expected === 'partial');
			t.true(isIpChecksumRight(bytes, packet!.ip));
		}
	}
});

test('built packets are right; one changed bit anywhere under the checksum is seen', (t) => {
	const flows = fc.constantFrom(flow4, flow6);
	const payload = fc.uint8Array({maxLength: 70}).map((bytes) => Buffer.from(bytes));
	fc.assert(
		fc.property(flows, payload, fc.boolean(), fc.nat(), (flow, bytes, isTcp, where) => {
			const frame = buildPacket({flow, payload: bytes, ...(isTcp && {tcp: {sequence: where}})});
			const packet = mustParse(frame);
			t.is(transportChecksumState(frame, packet), 'right');
			t.is(transportChecksumState(breakChecksum(frame), mustParse(breakChecksum(frame))), 'wrong');
			// Header lengths and ports decide what is covered; behind them every bit counts.
			const start = packet.transport.at + packet.transport.headerBytes;
			if (start < frame.length) {
				const at = start + (where % (frame.length - start));
				frame.writeUInt8(frame.readUInt8(at) ^ (1 << (where % 8)), at);
				t.is(transportChecksumState(frame, packet), 'wrong');
			}
		}),
	);
});

test('a frame whose whole checksum is that of its pseudo header by chance: both', (t) => {
	const word = Buffer.alloc(2);
	const chance = Array.from({length: 65_536}, (_, value) => {
		word.writeUInt16BE(value);
		return buildPacket({flow: flow4, payload: word, tcp: {sequence: 1}});
	}).filter((frame) => hasPartialChecksum(mustParse(frame)));
	t.true(chance.length > 0 && chance.length < 4, `${chance.length} frames`);
	t.is(transportChecksumState(chance[0]!, mustParse(chance[0]!)), 'right');
});

test('UDP without a checksum: absent over IPv4, wrong over IPv6', (t) => {
	for (const [flow, state] of [
		[flow4, 'absent'],
		[flow6, 'wrong'],
	] as const) {
		const frame = buildPacket({flow, payload: Buffer.from('x')});
		frame.writeUInt16BE(0, mustParse(frame).transport.at + 6);
		t.is(transportChecksumState(frame, mustParse(frame)), state);
	}
});

test('a UDP checksum that comes out as 0 is sent as FFFFh', (t) => {
	const plain = mustParse(buildPacket({flow: flow4, payload: Buffer.alloc(2)})).transport.checksum;
	const payload = Buffer.alloc(2);
	payload.writeUInt16BE(plain);
	const frame = buildPacket({flow: flow4, payload});
	t.is(mustParse(frame).transport.checksum, 0xff_ff);
	t.is(transportChecksumState(frame, mustParse(frame)), 'right');
});
