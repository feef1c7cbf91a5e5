import {alone, cutOff, escape, sequenceEnd, startsLine} from './escape-sequence.ts';
import {type Automaton, automaton, lookedThrough} from './trigger-automaton.ts';

/** Bytes of consoles, the most frequent ones first; all others are rarer. */
const frequent = Buffer.from(' 0eirt1asoncdlfpm2.:[]4\r\n6u3g8h795bPxCISy_vA-,MkRw');
/** So many bytes of a word are looked for, around its rarest pair: a hit only says "decode this line and look". */
const longest = 10;

export type TriggerTables = {
	readonly automaton: Automaton;
	/** 1 for two bytes in a row that a word is recognised by, and for what may stand inside a word unseen. */
	readonly stops: Uint8Array;
};

/**
 * Finds words in the raw bytes of a console, in one pass, at a cost that does not grow with their number. What the decoder
 * removes is looked through, so a word is found whatever colours stand inside it. It never misses a word of the decoded text;
 * it may report a hit where none is (a part of a word; an escape sequence that is cut off).
 *
 * Of most bytes it only asks whether they and the byte before them are the rarest pair of some word; around those that are, an automaton decides.
 */
export class TriggerScan {
	readonly #tables: TriggerTables;
	#state = 0;

	constructor(tables: TriggerTables) {
		this.#tables = tables;
	}

	/** Forgets the beginning of a word that the last bytes may have been. */
	reset(): void {
		this.#state = 0;
	}

	/** The index of a byte that ends a word, or -1; bytes of consecutive calls count as adjacent. */
	next(bytes: Uint8Array, from: number, to: number): number {
		const {table, firstHit} = this.#tables.automaton;
		let state = this.#state;
		this.#state = 0;
		for (let at = from, until = from; at < to; at++) {
			if (state === 0 && at >= until) {
				// No word has begun that could still end.
				const stop = this.#skip(bytes, at, to);
				until = stop + 1;
				at = Math.max(at, stop - longest);
			}

			const before = state;
			state = table[(state << 8) | (bytes[at] ?? 0)] ?? 0;
			if (state >= firstHit) {
				const end = bytes[at] === escape ? sequenceEnd(bytes, at, to) : cutOff;
				if (end === cutOff) {
					return at;
				}

				state = end !== alone && startsLine(bytes, at, end) ? 0 : before;
				at = Math.max(at, end);
			}
		}

		this.#state = state;
		return -1;
	}

	#skip(bytes: Uint8Array, from: number, to: number): number {
		const {stops} = this.#tables;
		let at = from;
		// The byte before is carried along rather than read again: this loop is what the speed of the engine hangs on.
		for (let pair = from === 0 ? 0 : (bytes[from - 1] ?? 0); at < to; at++) {
			pair = ((pair << 8) | (bytes[at] ?? 0)) & 0xff_ff;
			if (stops[pair] !== 0) {
				break;
			}
		}

		return at;
	}
}

/**
 * Prepares a search; takes some milliseconds, and can be shared by many scans.
 * @param words printable ASCII, two characters at least
 */
export const triggerTables = (words: readonly string[]): TriggerTables => {
	const parts = words.map((word) => tellingPart(Buffer.from(word)));
	return {automaton: automaton(parts), stops: stopsOf(parts)};
};

const tellingPart = (word: Buffer): Buffer => {
	const pair = Math.max(0, word.indexOf(rarestPair(word)));
	const start = Math.max(0, Math.min(pair - longest / 2, word.length - longest));
	return word.subarray(start, start + longest);
};

const stopsOf = (words: readonly Buffer[]): Uint8Array => {
	const stops = new Uint8Array(256 * 256);
	for (const word of words) {
		stops[rarestPair(word).readUInt16BE()] = 1;
	}

	for (let before = 0; before < 256; before++) {
		for (const byte of [...lookedThrough, escape]) {
			stops[(before << 8) | byte] = 1;
		}
	}

	return stops;
};

const rarestPair = (word: Buffer): Buffer => {
	const pairs = Array.from({length: word.length - 1}, (_, index) => word.subarray(index, index + 2));
	return pairs.toSorted((a, b) => frequency(a) - frequency(b))[0] ?? word;
};

const frequency = (bytes: Buffer): number => bytes.reduce((product, byte) => product * share(byte), 1);

/** A tenth less from one to the next is near enough. */
const share = (byte: number): number => 0.9 ** (frequent.includes(byte) ? frequent.indexOf(byte) : frequent.length);
