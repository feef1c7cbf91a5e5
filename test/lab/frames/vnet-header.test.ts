import test from 'ava';
import {
	buildVnetHeader,
	gsoKind,
	isDataValid,
	needsChecksum,
	parseVnetHeader,
} from '../../../harness/lab/frames/vnet-header.ts';

test('ten bytes and back', (t) => {
	const bytes = Buffer.from('01 81 42 00 80 05 22 00 10 00'.replaceAll(' ', ''), 'hex');
	const header = parseVnetHeader(bytes);
	t.deepEqual(header, {
		flags: 1,
		gsoType: 0x81,
		headerBytes: 66,
		gsoBytes: 1408,
		checksumStart: 34,
		checksumOffset: 16,
	});
	t.deepEqual(buildVnetHeader(header), bytes);
	t.throws(() => parseVnetHeader(bytes.subarray(1)), {
		message: 'A virtio-net header has 10 bytes; these are 9',
	});
});

test('flags and types by their numbers in linux/virtio_net.h', (t) => {
	t.deepEqual(
		[0, 1, 3, 4, 5, 2, 0x81].map((gsoType) => gsoKind({gsoType})),
		['none', 'tcp4', 'ufo', 'tcp6', 'udp', undefined, 'tcp4'],
	);
	t.deepEqual(
		[0, 1, 2, 3].map((flags) => [needsChecksum({flags}), isDataValid({flags})]),
		[
			[false, false],
			[true, false],
			[false, true],
			[true, true],
		],
	);
});
