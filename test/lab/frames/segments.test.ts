import test from 'ava';
import {segmentProblems} from '../../../harness/lab/frames/check-segments.ts';
import {mustParse} from '../../../harness/lab/frames/build-packet.ts';
import {type Tcp, tcpFlags} from '../../../harness/lab/frames/packet.ts';
import {segmentFrame} from '../../../harness/lab/frames/segments.ts';
import {gsoKind} from '../../../harness/lab/frames/vnet-header.ts';
import {flow4, largeFrame, payloadOf} from './_flow.ts';
import {recorded} from './_recorded.ts';

test('recorded large frames, TCP and UDP over both: whole and right on the wire', (t) => {
	const large = recorded('exchange').filter(({header}) => gsoKind(header) !== 'none');
	t.deepEqual(
		large.map(({header}) => gsoKind(header)),
		['tcp4', 'udp', 'tcp6', 'udp'],
	);
	for (const {bytes, header} of large) {
		const result = segmentFrame(bytes, header);
		const segments = result.type === 'segments' ? result.segments : [];
		t.deepEqual(segmentProblems({frame: bytes, segments, gsoBytes: header.gsoBytes, mtu: 1460}), []);
		t.is(segments.length, gsoKind(header) === 'udp' ? 3 : 4);
	}
});

test('numbers run on and wrap; FIN and PSH on the last, CWR on the first', (t) => {
	const {fin, psh, cwr, ack} = tcpFlags;
	const {bytes, header} = largeFrame(flow4, payloadOf(3000), {gsoBytes: 1200, flags: fin | psh | cwr});
	const result = segmentFrame(bytes, header);
	const packets = result.type === 'segments' ? result.segments.map((segment) => mustParse(segment)) : [];
	t.deepEqual(
		packets.map(({ip, payload, transport}) => [
			ip.version === 4 && ip.id,
			ip.totalBytes,
			payload.length,
			(transport as Tcp).sequence,
			(transport as Tcp).flags,
		]),
		[
			[0xff_fe, 1240, 1200, 0xff_ff_f0_00, ack | cwr],
			[0xff_ff, 1240, 1200, 0xff_ff_f4_b0, ack],
			[0, 640, 600, 0xff_ff_f9_60, ack | fin | psh],
		],
	);
});

test('each contradiction between header and frame is named', (t) => {
	const {bytes, header} = largeFrame(flow4, payloadOf(3000));
	const problems = (changes: Partial<typeof header>, frame = bytes) => segmentFrame(frame, {...header, ...changes});
	const faulty = (...lines: readonly string[]) => ({type: 'faulty', problems: lines});
	t.deepEqual(problems({gsoType: 4}), faulty('gso_type 4 for tcp over IPv4'));
	t.deepEqual(problems({gsoBytes: 0}), faulty('gso_size 0'));
	t.deepEqual(problems({flags: 0}), faulty('NEEDS_CSUM not set'));
	t.deepEqual(problems({checksumStart: 33}), faulty('csum_start 33, the transport header is at 34'));
	t.deepEqual(problems({checksumOffset: 6}), faulty('csum_offset 6, the checksum is at 16'));
	t.deepEqual(problems({}, bytes.subarray(0, 2000)), faulty('IP length 3040 in a frame of 2000 bytes'));
	const broken = Buffer.from(bytes);
	broken.writeUInt16BE(0, 50);
	broken.writeUInt16BE(0, 24);
	t.deepEqual(
		problems({}, broken),
		faulty('IP header checksum wrong', 'checksum field is not the sum of the pseudo header'),
	);
	t.deepEqual(problems({}, Buffer.alloc(60)), faulty('no TCP or UDP packet'));
});

test('segments that lost, changed or repeated something are found', (t) => {
	const {bytes, header} = largeFrame(flow4, payloadOf(3000), {gsoBytes: 1200});
	const result = segmentFrame(bytes, header);
	const [first, second, third] = result.type === 'segments' ? result.segments : [];
	const judge = (segments: readonly Buffer[], mtu = 1460) =>
		segmentProblems({frame: bytes, segments, gsoBytes: 1200, mtu});
	const lost = 'the segments together do not carry the bytes of the frame';
	t.deepEqual(judge([first!, second!, third!]), []);
	t.deepEqual(judge([first!, second!]), [lost]);
	t.deepEqual(judge([first!, second!, third!], 1200), [
		'segment 1 of 3: 1240 bytes with an MTU of 1200',
		'segment 2 of 3: 1240 bytes with an MTU of 1200',
	]);
	const flipped = Buffer.from(second!);
	flipped.writeUInt8(flipped.readUInt8(100) ^ 1, 100);
	t.deepEqual(judge([first!, flipped, third!]), [lost, 'segment 2 of 3: tcp checksum wrong']);
	t.deepEqual(judge([first!, third!, second!]), [
		lost,
		'segment 2 of 3: 600 bytes of payload instead of 1200',
		'segment 2 of 3: sequence number 4294965600 instead of 4294964400',
		'segment 3 of 3: 1200 bytes of payload instead of 600',
		'segment 3 of 3: sequence number 4294964400 instead of 4294965600',
	]);
	t.deepEqual(judge([first!, Buffer.alloc(10), third!]), [lost, 'segment 2 of 3: no TCP or UDP packet']);
});
