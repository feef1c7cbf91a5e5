import test from 'ava';
import {binSizes, sizeLimits} from '../../../harness/lab/frames/size-bins.ts';

test('powers of two, whose ends belong to them; what is longer is in a bin of its own', (t) => {
	t.deepEqual(sizeLimits, [64, 128, 256, 512, 1024, 2048, 4096, 8192, 16_384, 32_768, 65_536]);
	const bins = binSizes(
		new Map([
			[54, 1],
			[64, 2],
			[65, 4],
			[1474, 8],
			[2048, 16],
			[65_536, 32],
			[65_549, 64],
		]),
	);
	t.deepEqual(bins, [3, 4, 0, 0, 0, 24, 0, 0, 0, 0, 32, 64]);
	t.deepEqual(binSizes(new Map()), [...sizeLimits.map(() => 0), 0]);
});
