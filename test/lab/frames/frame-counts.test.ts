import test from 'ava';
import {summarizeCounts} from '../../../harness/lab/frames/frame-counts.ts';

test('sums for each direction', (t) => {
	const counts = summarizeCounts([
		[true, 1474, 2, 0, 10],
		[true, 60, 0, 0, 3],
		[false, 43_000, 1, 1, 5],
		[false, 43_000, 1, 0x81, 1],
		[false, 60, 1, 0, 2],
		[false, 60, 0, 77, 1],
	]);
	const none = {none: 0, tcp4: 0, ufo: 0, tcp6: 0, udp: 0, unknown: 0};
	t.deepEqual(counts, {
		'to-guest': {
			frames: 13,
			bytes: 14_920,
			longestBytes: 1474,
			sizes: new Map([
				[60, 3],
				[1474, 10],
			]),
			gso: {...none, none: 13},
			needsChecksum: 0,
			dataValid: 10,
		},
		'from-guest': {
			frames: 9,
			bytes: 258_180,
			longestBytes: 43_000,
			sizes: new Map([
				[60, 3],
				[43_000, 6],
			]),
			gso: {...none, tcp4: 6, none: 2, unknown: 1},
			needsChecksum: 8,
			dataValid: 0,
		},
	});
	t.is(summarizeCounts([])['to-guest'].longestBytes, 0);
});
