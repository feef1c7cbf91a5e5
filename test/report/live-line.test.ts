import {setTimeout as sleep} from 'node:timers/promises';
import headless from '@xterm/headless';
import test from 'ava';
import {liveLine} from '../../harness/report/live-line.ts';

/** A terminal as people have one, with a line of a program on it. */
const terminal = (columns: number) => {
	const screen = new headless.Terminal({cols: columns, rows: 10, allowProposedApi: true, convertEol: true});
	const stream = {
		isTTY: true,
		get columns() {
			return screen.cols;
		},
		write: (text: string) => screen.write(text),
	};
	let text = 'one';
	const line = liveLine(stream, () => text);
	return {
		line,
		say: (words: string) => {
			text = words;
			line.update();
		},
		resize: async (to: number) => {
			await drained(screen);
			screen.resize(to, 10);
		},
		shows: async (): Promise<readonly string[]> => {
			await drained(screen);
			const {active} = screen.buffer;
			return Array.from(
				{length: active.length},
				(_value, index) => active.getLine(index)?.translateToString(true) ?? '',
			)
				.filter((row) => row !== '')
				.map((row) => row.replace(/^ {2}\d+ s/v, '  N s'));
		},
	};
};

const drained = async (screen: headless.Terminal): Promise<void> => {
	const {promise, resolve} = Promise.withResolvers<undefined>();
	screen.write('', () => resolve(undefined));
	await promise;
};

test('what is printed stays above the line, which is gone at the end', async (t) => {
	const {line, say, shows} = terminal(80);
	line.print('first\n');
	say('two');
	t.deepEqual(await shows(), ['first', '  N s  two']);
	line.print('second\n');
	t.deepEqual(await shows(), ['first', 'second', '  N s  two']);
	say('');
	t.deepEqual(await shows(), ['first', 'second']);
	say('three');
	line.end();
	t.deepEqual(await shows(), ['first', 'second']);
	line.update();
	t.deepEqual(await shows(), ['first', 'second']);
});

test('a line that is longer than the terminal is wide is cut, and never broken', async (t) => {
	for (const columns of [1, 2, 10, 40]) {
		const {line, say, shows} = terminal(columns);
		say('x'.repeat(200));
		say('y'.repeat(200));
		line.print('kept\n');
		const [kept, ...rows] = (await shows())
			.join('\n')
			.replace(/^k\ne\np\nt$|^ke\npt$/mv, 'kept')
			.split('\n');
		t.is(kept?.[0], 'k', String(columns));
		t.true(rows.filter((row) => row.includes('y') || row.includes('…')).length <= 1, `${columns}: ${rows.join('/')}`);
		line.end();
	}
});

test('a terminal that becomes narrower keeps no half of the line', async (t) => {
	const {line, say, shows, resize} = terminal(80);
	line.print('before\n');
	say('a'.repeat(60));
	await resize(30);
	say('short');
	t.deepEqual(await shows(), ['before', '  N s  short']);
	await resize(120);
	say('b'.repeat(90));
	t.deepEqual(await shows(), ['before', `  N s  ${'b'.repeat(90)}`]);
	line.end();
});

test('it is drawn every second, with what goes on then', async (t) => {
	const {line, shows, say} = terminal(80);
	say('one');
	let words = 'later';
	const other = liveLine({isTTY: true, columns: 80, write: (text: string) => void seen.push(text)}, () => words);
	const seen: string[] = [];
	await sleep(1100);
	t.true(
		seen.some((text) => text.includes('1 s  later')),
		seen.join('|'),
	);
	words = '';
	other.end();
	line.end();
	t.deepEqual(await shows(), []);
});

test('what is no terminal gets what stays, and nothing else', (t) => {
	let text = '';
	const line = liveLine({write: (words) => (text += words)}, () => 'never');
	line.update();
	line.print('kept\n');
	line.end();
	t.is(text, 'kept\n');
});
