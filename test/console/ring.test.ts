import test from 'ava';
import fc from 'fast-check';
import {Ring} from '../../harness/console/ring.ts';

test('holds the last bytes, whatever the chunks', (t) => {
	fc.assert(
		fc.property(
			fc.integer({min: 1, max: 20}),
			fc.array(fc.uint8Array({maxLength: 45})),
			fc.nat(200),
			(size, chunks, from) => {
				const ring = new Ring(size);
				const all = Buffer.concat(chunks);
				for (const chunk of chunks) {
					ring.append(chunk);
				}

				const start = Math.max(0, all.length - size);
				const first = Math.min(Math.max(from, start), all.length);
				t.is(ring.end, all.length);
				t.is(ring.start, start);
				t.deepEqual(ring.since(from), {from: first, bytes: all.subarray(first)});
			},
		),
		{numRuns: 500},
	);
});

test('what it gave away does not change with what comes later', (t) => {
	const ring = new Ring(4);
	ring.append(Buffer.from('abcd'));
	const {bytes} = ring.since(0);
	ring.append(Buffer.from('efgh'));
	t.is(bytes.toString(), 'abcd');
});
