import test from 'ava';
import fc from 'fast-check';
import {decodeAll} from '../../harness/console/decode.ts';
import {TriggerScan} from '../../harness/console/trigger-scan.ts';
import {triggerTables} from '../../harness/console/trigger-tables.ts';
import {triggers} from '../../harness/console/watch-console.ts';
import {consoleBytes, cut, places} from './_bytes.ts';

/** Where the scan finds something, the bytes coming in these pieces; it goes on behind each place. */
const hits = (scan: TriggerScan, pieces: readonly Buffer[]): readonly number[] => {
	const found: number[] = [];
	let offset = 0;
	for (const piece of pieces) {
		for (let at = 0; at < piece.length; at++) {
			at = scan.next(piece, at, piece.length);
			if (at === -1) {
				break;
			}

			found.push(offset + at);
		}

		offset += piece.length;
	}

	return found;
};

const all = triggerTables(triggers);

const once = new Set(triggers);

for (const word of once) {
	test(`finds ${JSON.stringify(word)} among all others`, (t) => {
		const bytes = Buffer.from(`Some line before.\r\nx${word}y`);
		t.not(hits(new TriggerScan(all), [bytes]).length, 0);
	});
}

const words = ['Kernel panic', 'panic', 'BUG: ', 'a ', '[    ', 'login: ', 'rnel'];

test('a word of the decoded text is never missed, whatever stands inside it and however it is cut', (t) => {
	fc.assert(
		fc.property(consoleBytes, places, fc.subarray(words, {minLength: 1}), (bytes, at, some) => {
			const scan = new TriggerScan(triggerTables(some));
			const found = hits(scan, cut(bytes, at)).length > 0;
			t.true(found || some.every((word) => !decodeAll(bytes).includes(word)));
		}),
		{numRuns: 5000},
	);
});

test('a word split by colours, NULs and pieces', (t) => {
	const bytes = Buffer.from('Ker\u001B[1mne\0l p\u001B[0;31m\u001B[4man\u0007\bic');
	for (let at = 0; at < bytes.length; at++) {
		t.not(
			hits(new TriggerScan(triggerTables(['Kernel panic'])), [bytes.subarray(0, at), bytes.subarray(at)]).length,
			0,
			`cut at ${at}`,
		);
	}
});

test('a word split by a sequence that is longer than the word, and that the pieces split', (t) => {
	const bytes = Buffer.from('Ke\u001B[38;5;208;48;5;100;1;4;7mrnel panic');
	for (let at = 0; at < bytes.length; at++) {
		t.not(
			hits(new TriggerScan(triggerTables(['Kernel'])), [bytes.subarray(0, at), bytes.subarray(at)]).length,
			0,
			`cut at ${at}`,
		);
	}
});

test('two sequences in a row, a word inside another, the end of one that is the beginning of another', (t) => {
	const found = (text: string, ...some: readonly string[]): number =>
		hits(new TriggerScan(triggerTables(some)), [Buffer.from(text)]).length;
	t.is(found('Ke\u001B[0m\u001B[1mrnel panic', 'Kernel'), 1);
	t.is(found('xpan\u001B[1mic y', 'xpanics', 'panic'), 1);
	t.is(found('aa\u001B[1mbc', 'aab!', 'bc'), 1);
});

test('says nothing where nothing is, also not at colours', (t) => {
	const plain = Buffer.from(
		'[\u001B[0;32m  OK  \u001B[0m] Started \u001B[0;1;39mssh.service\u001B[0m …\r\n'.repeat(100),
	);
	t.deepEqual(hits(new TriggerScan(all), [plain]), []);
});

test('in plain text it finds the first end of a word, where that is', (t) => {
	// No longer than what it looks for of a word.
	const short = ['panic', 'BUG: ', 'a ', 'rnel'];
	const parts = fc.array(fc.constantFrom('Kernel', ' ', 'panic', 'BUG', ': ', 'K', 'pan', '\n'));
	fc.assert(
		fc.property(parts, places, (some, at) => {
			const text = some.join('');
			const ends = short.filter((word) => text.includes(word)).map((word) => text.indexOf(word) + word.length - 1);
			const first = ends.length === 0 ? undefined : Math.min(...ends);
			t.is(hits(new TriggerScan(triggerTables(short)), cut(Buffer.from(text), at))[0], first);
		}),
		{numRuns: 1000},
	);
});
