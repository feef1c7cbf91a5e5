import test from 'ava';
import {boundFrames} from '../../../harness/lab/frames/bound-frames.ts';
import {type CapturedFrame} from '../../../harness/lab/frames/captured-frames.ts';
import {pcapFile} from '../../../harness/lab/frames/pcap.ts';
import {plainHeader} from '../../../harness/lab/frames/vnet-header.ts';

/** With the longest words that a header can have. */
const header = {
	...plainHeader,
	flags: 3,
	gsoType: 0xff,
	gsoBytes: 65_535,
	checksumStart: 65_535,
	checksumOffset: 65_535,
};
const frames = (count: number, length: number): readonly CapturedFrame[] =>
	Array.from({length: count}, () => ({
		direction: 'from-guest',
		timeNs: 1n,
		header,
		bytes: Buffer.alloc(length),
		wireBytes: length,
	}));

test('what fits is left as it is', (t) => {
	const few = frames(5, 1474);
	t.deepEqual(boundFrames(few, 100_000), few);
});

test('of large frames the first ones stay whole, and of each other one the headers', (t) => {
	const bounded = boundFrames(frames(300, 65_000), 1_000_000);
	t.is(bounded.length, 300);
	t.deepEqual(
		bounded.slice(0, 15).map(({bytes}) => bytes.length),
		[...Array.from({length: 14}, () => 65_000), 128],
	);
	t.true(bounded.every(({wireBytes}) => wireBytes === 65_000));
});

test('the file is never larger, whatever the frames are like', (t) => {
	for (const [count, length] of [
		[300, 65_000],
		[100_000, 60],
		[3000, 1474],
		[1, 900_000],
	] as const) {
		t.true(pcapFile('lab0', boundFrames(frames(count, length), 500_000)).length <= 500_000 + 100, `${count}×${length}`);
	}
});
