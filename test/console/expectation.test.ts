import test from 'ava';
import fc from 'fast-check';
import {decodeAll} from '../../harness/console/decode.ts';
import {Expectation, type ExpectResult, type Pattern} from '../../harness/console/expectation.ts';
import {consoleBytes, cut, places} from './_bytes.ts';

const search = (pieces: readonly Buffer[], patterns: readonly Pattern[], from = 0): ExpectResult | undefined => {
	const expectation = new Expectation(patterns, from);
	for (const piece of pieces) {
		const result = expectation.feed(piece);
		if (result !== undefined) {
			return result;
		}
	}

	return undefined;
};

const pattern = fc.constantFrom('login: ', 'a', 'panic', 'l p', ' \n', '…', 'login: a');

test('a string is found where the decoded text has it, however the bytes are cut, and ends at the same byte', (t) => {
	fc.assert(
		fc.property(consoleBytes, places, pattern, (bytes, at, wanted) => {
			// The end, so that nothing is unfinished.
			const raw = Buffer.concat([bytes, Buffer.from('\n.')]);
			const result = search(cut(raw, at), [wanted], 1000);
			const whole = search([raw], [wanted], 1000);
			t.is(result?.end, whole?.end);
			const text = decodeAll(raw);
			t.is(result?.text, text.includes(wanted) ? wanted : undefined);
			if (result !== undefined) {
				t.is(decodeAll(raw.subarray(0, result.end - 1000)), text.slice(0, text.indexOf(wanted) + wanted.length));
			}
		}),
		{numRuns: 3000},
	);
});

test('of several patterns the match that starts first wins, then the one listed first', (t) => {
	const raw = [Buffer.from('é one two three')];
	t.like(search(raw, ['three', 'two', /one/]), {index: 2, text: 'one'});
	t.like(search(raw, [/t\w+/, 'two']), {index: 0, text: 'two', end: 10});
	t.like(search(raw, ['two', /t\w+/]), {index: 0, text: 'two', end: 10});
});

test('a RegExp: groups, flags, line ends, across chunks; its own state is not touched', (t) => {
	const expression = /^uid=(?<uid>\d+)$/gimy;
	expression.lastIndex = 7;
	const result = search(cut(Buffer.from('no uid=1\r\n\u001B[1mUID=\u001B[0m23\r\n'), [3, 12, 18, 20, 21, 22]), [
		expression,
	]);
	t.is(result?.match.groups?.['uid'], '23');
	t.is(result?.text, 'UID=23');
	t.is(result?.end, 'no uid=1\r\n\u001B[1mUID=\u001B[0m23'.length);
	t.is(expression.lastIndex, 7);
});

test('a line start is no line start only because the text before it was let go', (t) => {
	const expectation = new Expectation([/^x/m], 0);
	const line = Buffer.from(`a${'x'.repeat(120)}\n`);
	const lines = Buffer.from(String(line).repeat(2000));
	for (let at = 0; at < lines.length; at += 50) {
		t.is(expectation.feed(lines.subarray(at, at + 50)), undefined);
	}

	t.is(expectation.feed(Buffer.from('x'))?.end, lines.length + 1);
});

test('a RegExp looks back 8 KiB at least, and a string over any boundary', (t) => {
	const between = 'y'.repeat(8 * 1024 - 10);
	for (const size of [7, 100, 5000, 9000]) {
		const raw = Buffer.from(`${'n\n'.repeat(50_000)}start${between}end`);
		const pieces = Array.from({length: Math.ceil(raw.length / size)}, (_, index) =>
			raw.subarray(index * size, (index + 1) * size),
		);
		t.is(search(pieces, [/start(y+)end/])?.match[1]?.length, between.length, `pieces of ${size}`);
		t.is(search(pieces, [`start${between}end`])?.end, raw.length, `pieces of ${size}`);
	}
});

const floods: Readonly<Record<string, string>> = {
	'one line': 'x',
	'line feeds': '\n',
	'colours without text': '\u001B[0m',
	NULs: '\0',
	'carriage returns': '\r',
	'unfinished string controls': '\u001B]0;',
};

for (const [what, flood] of Object.entries(floods)) {
	test(`linear, and in little memory: ${what}`, (t) => {
		const chunk = Buffer.alloc(128 * 1024, flood);
		const pieces = Array.from({length: 32}, () => chunk);
		const before = process.memoryUsage().arrayBuffers;
		t.is(search([...pieces, Buffer.from('\nthe end')], ['the end', /never/])?.end, 32 * chunk.length + 8);
		t.true(process.memoryUsage().arrayBuffers - before < 2 * 1024 * 1024);
	});
}
