import test from 'ava';

type Line = {readonly number: number; readonly offset: number; readonly text: string};

/** Plain JavaScript of the page, which is not part of this program: its types are a browser's. */
const module = new URL('../../../harness/report/html/page/console-lines.js', import.meta.url).href;
const {linesOf, parseTiming, timeAt} = (await import(module)) as {
	readonly linesOf: (
		bytes: Uint8Array,
		from: {readonly offset: number; readonly line: number; readonly isRaw?: boolean},
	) => readonly Line[];
	readonly parseTiming: (text: string) => {readonly at: Float64Array; readonly offsets: Float64Array};
	readonly timeAt: (timing: ReturnType<typeof parseTiming>, offset: number) => number | undefined;
};

const lines = (text: string | Buffer, isRaw = false): readonly Line[] =>
	linesOf(Buffer.from(text as string), {offset: 100, line: 7, isRaw});

test('lines have the number and the offset that they have in the log', (t) => {
	t.deepEqual(lines('one\r\n\ntwo\r\r\nlast'), [
		{number: 7, offset: 100, text: 'one'},
		{number: 8, offset: 105, text: ''},
		{number: 9, offset: 106, text: 'two'},
		{number: 10, offset: 112, text: 'last'},
	]);
	t.deepEqual(lines(''), []);
});

test('what moves the cursor or changes colours is left out, or shown; everything else a terminal would not draw is shown', (t) => {
	const text = '\u001B[0;32m  OK  \u001B[0m\u001B]0;title\u0007\u001B(B done\0\u202E\tx\uFEFF<b>';
	t.is(lines(text)[0]?.text, String.raw`  OK   done\x00\u{202e}` + '\t' + String.raw`x\u{feff}<b>`);
	t.true(lines(text, true)[0]?.text.startsWith(String.raw`\x1b[0;32m  OK  \x1b[0m\x1b]0;title\x07`));
	t.is(lines(Buffer.from([0x61, 0xff, 0x62]))[0]?.text, 'a\uFFFDb');
	// An escape that never ends takes nothing with it.
	t.is(lines('\u001B]0;open\nnext')[1]?.text, 'next');
});

test('a line without end is shown in pieces of one number', (t) => {
	const pieces = lines(`${'x'.repeat(20_000)}\nnext`);
	t.deepEqual(
		pieces.map(({number, offset, text}) => [number, offset, text.length]),
		[
			[7, 100, 8000],
			[7, 8100, 8000],
			[7, 16_100, 4000],
			[8, 20_101, 4],
		],
	);
});

test('the time of a line is that of the record before it', (t) => {
	const timing = parseTiming('1000 0\n2500 10\n9000 400\n99');
	t.is(timeAt(timing, 0), 1);
	t.is(timeAt(timing, 9), 1);
	t.is(timeAt(timing, 10), 2.5);
	t.is(timeAt(timing, 5000), 9);
	t.is(timeAt(parseTiming(''), 5), undefined);
});
