import test from 'ava';
import fc from 'fast-check';
import {decodeAll, decodeInto, textBytes} from '../../harness/console/decode.ts';
import {consoleBytes, cut, places} from './_bytes.ts';

/** As a port does it: what is unfinished is given again with what follows. */
const decodePieces = (pieces: readonly Buffer[]): string => {
	let text = '';
	let rest = Buffer.alloc(0);
	for (const [index, piece] of pieces.entries()) {
		const raw = Buffer.concat([rest, piece]);
		const out = Buffer.alloc(textBytes(raw.length));
		const {read, written} = decodeInto(raw, out, {final: index === pieces.length - 1});
		text += out.toString('utf8', 0, written);
		rest = raw.subarray(read);
	}

	return text;
};

const examples: ReadonlyArray<readonly [why: string, raw: string | Buffer, text: string]> = [
	[
		'SeaBIOS clears the screen',
		'\u001Bc\u001B[?7l\u001B[2J\u001B[0mSeaBIOS (version 1.16)\r\n',
		'\nSeaBIOS (version 1.16)\n',
	],
	[
		'systemd colours its status',
		'[\u001B[0;32m  OK  \u001B[0m] Started \u001B[0;1;39mssh\u001B[0m.\r\r\n',
		'[  OK  ] Started ssh.\n',
	],
	['GRUB places its cursor', 'Welcome to GRUB\u001B[H\u001B[J\u001B[1;1H!\r\n', 'Welcome to GRUB\n\n\n!\n'],
	['a progress bar', '10%\r20%\r100%\r\n', '10%\n20%\n100%\n'],
	['NUL, BEL and backspace', 'a\0b\u0007c\bd', 'abcd'],
	['other control characters are shown', 'a\u0001b\vc\u007F', 'a␁b␋c␡'],
	['valid UTF-8', 'sysctl.se…ce é 🐧', 'sysctl.se…ce é 🐧'],
	['invalid UTF-8', Buffer.from([0x61, 0xff, 0xc3, 0x62, 0xc0, 0xaf]), 'a��b��'],
	['no surrogates, no C1 controls', Buffer.from([0xed, 0xa0, 0x80, 0xc2, 0x9b]), '�����'],
	['a title', '\u001B]0;root@vm\u0007# \u001B]0;root@vm\u001B\\# ', '# # '],
	['an unfinished string control ends at a line end', '\u001B]0;never\nnext', '\nnext'],
	['a character set and a keypad mode', '\u001B(B\u001B=ok\u001B>', 'ok'],
	['an escape character alone', 'a\u001B\u001B[1mb', 'ab'],
	['two returns, and none', 'a\r\rb\r\r\nc', 'a\nb\nc'],
	['a string control ends at a return', '\u001B]0;never\rnext', '\nnext'],
	['a return at the end', 'a\r', 'a\n'],
	['half a character at the end', Buffer.from([0x61, 0xe2, 0x80]), 'a��'],
	['half a sequence at the end', 'a\u001B[1;', 'a[1;'],
];

for (const [why, raw, text] of examples) {
	test(`decodes: ${why}`, (t) => {
		const bytes = Buffer.from(raw);
		t.is(decodeAll(bytes), text);
		for (let at = 0; at <= bytes.length; at++) {
			t.is(decodePieces([bytes.subarray(0, at), bytes.subarray(at)]), text, `cut at ${at}`);
		}

		t.is(decodePieces([...bytes].map((byte) => Buffer.from([byte]))), text, 'a byte at a time');
	});
}

test('the text does not depend on how the bytes were cut', (t) => {
	fc.assert(
		fc.property(consoleBytes, places, (bytes, at) => {
			t.is(decodePieces(cut(bytes, at)), decodePieces([bytes]));
		}),
		{numRuns: 2000},
	);
});

test('nothing invisible comes out, and it is as long as promised at most', (t) => {
	fc.assert(
		fc.property(consoleBytes, (bytes) => {
			const text = decodeAll(bytes);
			t.notRegex(text, /[^\P{Cc}\t\n]|\p{Cs}/u);
			t.true(Buffer.byteLength(text) <= textBytes(bytes.length));
		}),
	);
});

test('stops at a limit, and at a line end, with the raw bytes that are behind it', (t) => {
	const raw = Buffer.from('ab\u001B[1mcd\r\nef');
	const out = Buffer.alloc(textBytes(raw.length));
	t.deepEqual(decodeInto(raw, out, {limit: 2}), {read: 2, written: 2});
	t.deepEqual(decodeInto(raw, out, {limit: 3}), {read: 7, written: 3});
	t.deepEqual(decodeInto(raw, out, {line: true}), {read: 10, written: 5});
});

// A quadratic step would need hours for these.
const floods: Readonly<Record<string, Buffer>> = {
	'one line': Buffer.alloc(4e6, 'x'),
	'escape characters': Buffer.alloc(1e6, '\u001B'),
	'unfinished string controls': Buffer.alloc(1e6, '\u001B]x'),
	'string controls of any length': Buffer.alloc(1e6, `\u001BP${'x'.repeat(700)}`),
	'unfinished control sequences': Buffer.alloc(1e6, '\u001B[1;'),
	NULs: Buffer.alloc(1e6, '\0'),
	'carriage returns': Buffer.alloc(1e6, '\r'),
	'broken UTF-8': Buffer.alloc(1e6, Buffer.from([0xf0, 0x9f, 0x90])),
};

for (const [what, flood] of Object.entries(floods)) {
	test(`linear: ${what}`, (t) => {
		t.is(decodePieces([flood, flood]), decodePieces([Buffer.concat([flood, flood])]));
	});
}
