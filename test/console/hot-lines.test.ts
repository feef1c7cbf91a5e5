import test from 'ava';
import fc from 'fast-check';
import {decodeAll} from '../../harness/console/decode.ts';
import {HotLines} from '../../harness/console/hot-lines.ts';
import {TriggerScan} from '../../harness/console/trigger-scan.ts';
import {triggerTables} from '../../harness/console/trigger-tables.ts';
import {consoleBytes, cut, places} from './_bytes.ts';

const tables = triggerTables(['panic', 'login: ', '[    ']);
const words = /panic|login: |\[ {4}/;

type Line = {readonly text: string; readonly offset: number};

/** The lines that matter, and those alone: what a hit merely pointed at is left out. */
const linesOf = (pieces: readonly Buffer[]): readonly Line[] => {
	const found: Line[] = [];
	const lines = new HotLines(new TriggerScan(tables), (text, offset) => void found.push({text, offset}));
	for (const piece of pieces) {
		lines.feed(piece);
	}

	lines.end();
	return found.filter(({text}) => words.test(text));
};

test('every line with a word comes out, decoded, and no other; however the bytes are cut', (t) => {
	fc.assert(
		fc.property(consoleBytes, places, (bytes, at) => {
			const found = linesOf(cut(bytes, at));
			const expected = decodeAll(bytes)
				.split('\n')
				.map((line) => line.trimEnd())
				.filter((line) => words.test(line));
			t.deepEqual(
				found.map(({text}) => text),
				expected,
			);
			t.deepEqual(found, linesOf([bytes]));
		}),
		{numRuns: 3000},
	);
});

test('the offset is that of the line’s first byte', (t) => {
	const raw = Buffer.from('…\r\n\u001B[1mone panic\u001B[0m\r\ntwo\rpanic three\n\u001B[H\u001B[Jpanic four');
	t.deepEqual(
		linesOf([raw]).map(({text, offset}) => [text, raw.subarray(offset, offset + 6).toString()]),
		[
			['one panic', '\u001B[1mon'],
			['panic three', 'panic '],
			['panic four', 'panic '],
		],
	);
});

test('a line without end is looked at in pieces of 4 KiB, wherever the chunks end', (t) => {
	const line = Buffer.alloc(100_000, 'x');
	line.write('[    1.0] panic', 50_000);
	line.write('panic', 4096 * 3 - 2);
	for (const size of [1, 1000, 4096, 4097, 65_536, 100_000]) {
		const pieces = Array.from({length: Math.ceil(line.length / size)}, (_, index) =>
			line.subarray(index * size, (index + 1) * size),
		);
		const found = linesOf(pieces);
		t.deepEqual(
			found.map(({text, offset}) => [text.length, offset]),
			[[4096, 4096 * 12]],
			`chunks of ${size}`,
		);
	}
});

const floods: Readonly<Record<string, string>> = {
	'one line': 'x',
	'line feeds': '\n',
	'escape characters': '\u001B',
	'unfinished string controls': '\u001B]0;',
	NULs: '\0',
	'progress bars': '\r 99%',
	'a line full of hits': 'panic',
	'nothing but hits': 'panic\n',
};

for (const [what, pattern] of Object.entries(floods)) {
	test(`linear: ${what}`, (t) => {
		const flood = Buffer.alloc(128 * 1024, pattern);
		t.true(linesOf(Array.from({length: 16}, () => flood)).every(({text}) => text.length <= 4096));
	});
}
