import test from 'ava';
import {buildPacket} from '../../../harness/lab/frames/build-packet.ts';
import {parsePacket, tcpFlags} from '../../../harness/lab/frames/packet.ts';
import {flow4, flow6} from './_flow.ts';
import {recorded} from './_recorded.ts';

test('a recorded connection request and datagram, field by field', (t) => {
	const packets = recorded('exchange').map(({bytes}) => parsePacket(bytes));
	const syn4 = packets.find((packet) => packet?.ip.version === 4);
	t.deepEqual(syn4?.ethernet, {destination: '42:01:0a:80:00:02', source: '42:01:0a:80:00:01', etherType: 0x08_00});
	t.like(syn4?.ip, {
		version: 4,
		at: 14,
		headerBytes: 20,
		totalBytes: 60,
		source: '10.128.0.1',
		destination: '10.128.0.2',
		protocol: 6,
		ttl: 64,
		tos: 0,
		dontFragment: true,
		moreFragments: false,
		fragmentOffset: 0,
	});
	t.like(syn4?.transport, {kind: 'tcp', at: 34, headerBytes: 40, destinationPort: 8000, flags: tcpFlags.syn});
	const datagram = packets.find((packet) => packet?.ip.version === 6 && packet.transport.kind === 'udp');
	t.like(datagram?.ip, {source: 'fd00::1', destination: 'fd00::2', headerBytes: 40, totalBytes: 63, protocol: 17});
	t.like(datagram?.transport, {at: 54, headerBytes: 8, destinationPort: 8000, length: 23});
	t.is(datagram?.payload.toString(), 'an odd payload.');
});

test('what is built is parsed back', (t) => {
	for (const flow of [flow4, flow6]) {
		const tcp = {sequence: 0xff_ff_ff_ff, acknowledgement: 5, flags: tcpFlags.psh | tcpFlags.ack, window: 9};
		const frame = buildPacket({flow, ip: {ttl: 8, tos: 0x2e}, tcp, payload: Buffer.from('abc')});
		const packet = parsePacket(Buffer.concat([frame, Buffer.alloc(6)]));
		t.is(packet?.payload.toString(), 'abc', 'padding is not payload');
		t.like(packet?.transport, {...tcp, sourcePort: 1500, destinationPort: 8000, headerBytes: 20});
		t.like(packet?.ip, {ttl: 8, tos: 0x2e, source: flow.source.address, destination: flow.destination.address});
	}

	const options = Buffer.from([1, 1, 1, 1]);
	const packet = parsePacket(
		buildPacket({flow: flow4, ip: {options, id: 7, dontFragment: false}, tcp: {sequence: 1, options}}),
	);
	t.like(packet?.ip, {headerBytes: 24, id: 7, dontFragment: false});
	t.like(packet?.transport, {headerBytes: 24});
});

test('an IPv6 extension header is stepped over', (t) => {
	const plain = buildPacket({flow: flow6, payload: Buffer.from('x')});
	const hopByHop = Buffer.from([17, 0, 1, 4, 0, 0, 0, 0]);
	const frame = Buffer.concat([plain.subarray(0, 54), hopByHop, plain.subarray(54)]);
	frame.writeUInt16BE(frame.length - 54, 18);
	frame.writeUInt8(0, 20);
	t.like(parsePacket(frame), {payload: Buffer.from('x')});
	t.is(parsePacket(frame)?.ip.headerBytes, 48);
});

test('everything else is no packet: other protocols, later fragments, cut and contradictory headers', (t) => {
	const frame = buildPacket({flow: flow4, tcp: {sequence: 1}, payload: Buffer.from('abc')});
	for (let length = 0; length < 54; length += 1) {
		t.is(parsePacket(frame.subarray(0, length)), undefined, String(length));
	}

	const changed = (at: number, value: number): Buffer => {
		const copy = Buffer.from(frame);
		copy.writeUInt8(value, at);
		return copy;
	};
	t.not(parsePacket(frame), undefined);
	t.is(parsePacket(changed(12, 9)), undefined, 'ether type');
	t.is(parsePacket(changed(14, 0x44)), undefined, 'IP header length');
	t.is(parsePacket(changed(17, 10)), undefined, 'IP total length');
	t.is(parsePacket(changed(21, 1)), undefined, 'fragment offset');
	t.is(parsePacket(changed(23, 1)), undefined, 'protocol');
	t.is(parsePacket(changed(46, 0x40)), undefined, 'TCP header length');
	t.is(parsePacket(changed(46, 0xf0)), undefined, 'TCP header longer than the packet');
});
