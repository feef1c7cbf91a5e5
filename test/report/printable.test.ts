import {stripVTControlCharacters} from 'node:util';
import test from 'ava';
import fc from 'fast-check';
import {printable} from '../../harness/report/printable.ts';

test('control characters, bidi overrides, zero-width characters and broken surrogates are shown, not sent', (t) => {
	t.is(printable('\u001B[2J\r\n\u0007\0\u009B'), String.raw`\x1b[2J\x0d\x0a\x07\x00\x9b`);
	t.is(printable('\u202Egnp.exe\u200B\u2066\uFEFF'), String.raw`\u{202e}gnp.exe\u{200b}\u{2066}\u{feff}`);
	t.is(printable('\uD83D'), String.raw`\u{d83d}`);
	t.is(printable('\uFFFE\uFFFF\uFDD0\u{10FFFF}'), String.raw`\u{fffe}\u{ffff}\u{fdd0}\u{10ffff}`);
	t.is(printable('Grüße 🦊'), 'Grüße 🦊');
});

test('a long text is cut and says how much is missing', (t) => {
	t.is(printable('abcdef', 4), 'abcd… (2 more)');
	t.is(printable('abcd', 4), 'abcd');
	t.is(printable('x'.repeat(10_000_000), 3), 'xxx… (9999997 more)');
});

test('nothing that a terminal obeys comes through', (t) => {
	fc.assert(
		fc.property(fc.string({unit: 'binary', maxLength: 200}), (text) => {
			const shown = printable(text);
			return (
				!/[\p{Cc}\p{Cf}\p{Cs}\p{Noncharacter_Code_Point}]/u.test(shown) && stripVTControlCharacters(shown) === shown
			);
		}),
	);
	t.pass();
});
