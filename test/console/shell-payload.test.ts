import test from 'ava';
import fc from 'fast-check';
import {decodePayload} from '../../harness/console/shell-payload.ts';

/** As `base64` writes it, through a terminal without post-processing, or with. */
const base64 = (bytes: Uint8Array, end: string): string =>
	Buffer.from(bytes)
		.toString('base64')
		.replaceAll(/.{76}(?!$)/g, '$&\n')
		.replace(/.$/, '$&\n')
		.split('\n')
		.join(end);

/** As `od -An -v -tx1` and as hexdump write it. */
const od = (bytes: Uint8Array): string =>
	Array.from(
		bytes,
		(byte, index) => `${index % 16 === 0 && index > 0 ? '\n' : ''} ${byte.toString(16).padStart(2, '0')}`,
	).join('') + '\n';

const anyBytes = fc.uint8Array({maxLength: 400});
const kernelMessage = fc.constantFrom(
	'[   12.345678] random: crng init done\r\n',
	'<6>[    0.000001] abcd\r\n',
	'[ 1234.567890][  T123] TAP+/=\r\n',
);

test('every byte, also with the carriage returns of a terminal', (t) => {
	fc.assert(
		fc.property(anyBytes, fc.constantFrom('\n', '\r\n', '\r\r\n'), (bytes, end) => {
			t.deepEqual(decodePayload(base64(bytes, end), 'base64'), Buffer.from(bytes));
			t.deepEqual(decodePayload(od(bytes), 'hex'), Buffer.from(bytes));
		}),
	);
});

test('kernel messages between and within the lines do no harm', (t) => {
	fc.assert(
		fc.property(anyBytes, kernelMessage, kernelMessage, fc.nat(), fc.nat(), (bytes, one, other, first, second) => {
			for (const [text, encoding] of [
				[base64(bytes, '\n'), 'base64'],
				[od(bytes), 'hex'],
			] as const) {
				const [a, b] = [first % (text.length + 1), second % (text.length + 1)].toSorted((x, y) => x - y) as [
					number,
					number,
				];
				const cut = text.slice(0, a) + one + text.slice(a, b) + other + text.slice(b);
				t.deepEqual(decodePayload(cut, encoding), Buffer.from(bytes));
			}
		}),
	);
});

test('what is damaged is refused, never guessed: a byte lost or another line in between', (t) => {
	const bytes = Buffer.from(Array.from({length: 300}, (_, index) => index % 256));
	const text = base64(bytes, '\n');
	for (let at = 0; at < text.length - 1; at++) {
		t.is(decodePayload(text.slice(0, at) + text.slice(at + 1), 'base64'), undefined, `without byte ${at}`);
	}

	for (let at = 1; at < text.length - 1; at += 7) {
		t.is(decodePayload(`${text.slice(0, at)}no kernel said this\n${text.slice(at)}`, 'base64'), undefined, `at ${at}`);
	}
});
