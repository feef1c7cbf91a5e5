import test from 'ava';
import {parseCapturedFrames} from '../../../harness/lab/frames/captured-frames.ts';
import {describeVnetHeader, pcapFile} from '../../../harness/lab/frames/pcap.ts';
import {plainHeader} from '../../../harness/lab/frames/vnet-header.ts';
import {recorded} from './_recorded.ts';

/** The blocks of a pcapng file: type and body, with both lengths checked. */
const blocksOf = (file: Buffer) => {
	const blocks: Array<{readonly type: number; readonly body: Buffer}> = [];
	for (let at = 0; at < file.length;) {
		const length = file.readUInt32LE(at + 4);
		if (length % 4 !== 0 || file.readUInt32LE(at + length - 4) !== length) {
			throw new Error(`block at ${at} of ${length} bytes`);
		}

		blocks.push({type: file.readUInt32LE(at), body: file.subarray(at + 8, at + length - 4)});
		at += length;
	}

	return blocks;
};

test('a section, an interface, and each frame with its time, direction and header', (t) => {
	const frames = recorded('exchange');
	const [section, description, ...packets] = blocksOf(pcapFile('tap0', frames));
	t.is(section!.type, 0x0a_0d_0d_0a);
	t.is(section!.body.readUInt32LE(0), 0x1a_2b_3c_4d);
	t.is(description!.type, 1);
	t.is(description!.body.readUInt16LE(0), 1, 'LINKTYPE_ETHERNET');
	t.is(description!.body.subarray(12, 16).toString(), 'tap0');
	t.is(packets.length, frames.length);
	for (const [index, {type, body}] of packets.entries()) {
		const {timeNs, bytes, wireBytes, direction, header} = frames[index]!;
		t.is(type, 6);
		t.is((BigInt(body.readUInt32LE(4)) << 32n) | BigInt(body.readUInt32LE(8)), timeNs);
		t.is(body.readUInt32LE(12), bytes.length);
		t.is(body.readUInt32LE(16), wireBytes);
		t.deepEqual(body.subarray(20, 20 + bytes.length), bytes);
		const options = body.subarray(20 + bytes.length + (-bytes.length & 3));
		t.is(options.readUInt32LE(4), direction === 'to-guest' ? 2 : 1);
		t.true(options.includes(describeVnetHeader(header)));
	}
});

test('headers in words', (t) => {
	t.is(describeVnetHeader(plainHeader), 'no offload');
	t.is(describeVnetHeader({...plainHeader, flags: 2}), 'DATA_VALID');
	t.is(
		describeVnetHeader({...plainHeader, flags: 1, gsoType: 1, gsoBytes: 1408, checksumStart: 34, checksumOffset: 16}),
		'NEEDS_CSUM at 34+16, tcp4 segments of 1408',
	);
	t.is(describeVnetHeader({...plainHeader, gsoType: 9}), 'gso_type 9 segments of 0');
});

test('records that end in the middle are a bug, not fewer frames', (t) => {
	const record = Buffer.alloc(17 + 10 + 4);
	record.writeUInt32LE(4, 0);
	t.is(parseCapturedFrames(Buffer.concat([record, record])).length, 2);
	for (const length of [1, 26, 30]) {
		t.throws(() => parseCapturedFrames(Buffer.concat([record, record.subarray(0, length)])), {
			message: `The captured frames end inside a record, at byte 31 of ${31 + length}`,
		});
	}
});
