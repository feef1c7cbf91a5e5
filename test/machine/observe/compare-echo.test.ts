import {randomBytes} from 'node:crypto';
import test from 'ava';
import {compareEcho, describeEcho} from '../../../harness/machine/observe/compare-echo.ts';

const sent = randomBytes(65_536);
// No byte of the message below: one that the message holds could not be missed.
sent[99] = 0;
const words = (received: Buffer): string => describeEcho(compareEcho(sent, received), sent.length);

test('what came back as it went out', (t) => {
	t.is(words(Buffer.from(sent)), 'unchanged');
});

test('other bytes in between are told from a change of the bytes themselves', (t) => {
	const message = Buffer.from('[ 42.1] eth0: link up\r\n');
	const at = (place: number): Buffer => Buffer.concat([sent.subarray(0, place), message, sent.subarray(place)]);
	t.is(words(at(0)), 'all there, among 23 other bytes');
	t.is(words(at(30_000)), 'all there, among 23 other bytes');
	t.is(words(Buffer.concat([sent, message])), 'all there, among 23 other bytes');
	const lost = Buffer.concat([sent.subarray(0, 99), message, sent.subarray(100)]);
	t.deepEqual(compareEcho(sent, lost).kind, 'changed');
});

test('a byte changed, lost or missing in the end', (t) => {
	const flipped = Buffer.from(sent);
	flipped[700] = (flipped[700] ?? 0) ^ 1;
	t.is(words(flipped), 'changed from byte 700 on');
	t.is(words(sent.subarray(0, 65_535)), 'the first 65535 of 65536, then nothing');
	t.is(words(Buffer.alloc(0)), 'the first 0 of 65536, then nothing');
	const gap = Buffer.concat([sent.subarray(0, 512), sent.subarray(513)]);
	t.deepEqual(compareEcho(sent, gap).kind, 'changed');
});
