import {csiEnd, escape, startsLine} from './csi.ts';
import {type Automaton, automaton, lookedThrough} from './trigger-automaton.ts';

/** Bytes of consoles, the most frequent ones first; all others are rarer. */
const frequent = Buffer.from(' 0eirt1asoncdlfpm2.:[]4\r\n6u3g8h795bPxCISy_vA-,MkRw');

/**
 * Finds words in the raw bytes of a console, in one pass, at a cost that does not grow with their number. What the decoder
 * removes is looked through, so a word is found whatever colours stand inside it; where the bytes alone do not say (an escape
 * sequence that is no CSI, or is cut off), it reports a hit. So it never misses a word of the decoded text, and a hit
 * says "decode this line and look".
 *
 * Of most bytes it only asks whether they and the byte before them are the rarest pair of some word; around those that are, an automaton decides.
 */
export class TriggerScan {
	readonly #automaton: Automaton;
	/** For two bytes in a row: how many bytes before the second one a word that is recognised by them may have begun; 0: not at all. */
	readonly #reach: Uint8Array;
	readonly #longest: number;
	#state = 0;

	/** @param words printable ASCII */
	constructor(words: readonly string[]) {
		this.#automaton = automaton(words);
		this.#longest = Math.max(...words.map(({length}) => length));
		this.#reach = reachOf(words, this.#longest);
	}

	/** Forgets the beginning of a word that the last bytes may have been. */
	reset(): void {
		this.#state = 0;
	}

	/** The index of a byte that ends a word, or -1; bytes of consecutive calls count as adjacent. */
	next(bytes: Uint8Array, from: number, to: number): number {
		const {table, firstHit} = this.#automaton;
		let state = this.#state;
		this.#state = 0;
		for (let at = from, until = from; at < to;) {
			if (state === 0 && at >= until) {
				// Nothing has begun.
				const stop = this.#skip(bytes, at, to);
				until = stop + 1;
				at = Math.max(at, stop - (stop === to ? this.#longest : (this.#reach[pairAt(bytes, stop)] ?? 0)));
			}

			const before = state;
			state = table[(state << 8) | (bytes[at] ?? 0)] ?? 0;
			if (state >= firstHit) {
				const end = bytes[at] === escape ? csiEnd(bytes, at, to) : -1;
				if (end === -1) {
					return at;
				}

				state = startsLine(bytes[end]) ? 0 : before;
				at = end;
			}

			at += 1;
		}

		this.#state = state;
		return -1;
	}

	#skip(bytes: Uint8Array, from: number, to: number): number {
		const reach = this.#reach;
		let at = from;
		// The byte before is carried along rather than read again: this loop is what the speed of the engine hangs on.
		for (let pair = from === 0 ? 0 : (bytes[from - 1] ?? 0); at < to; at++) {
			pair = ((pair << 8) | (bytes[at] ?? 0)) & 0xff_ff;
			if (reach[pair] !== 0) {
				break;
			}
		}

		return at;
	}
}

const pairAt = (bytes: Uint8Array, second: number): number =>
	((second === 0 ? 0 : (bytes[second - 1] ?? 0)) << 8) | (bytes[second] ?? 0);

const reachOf = (words: readonly string[], longest: number): Uint8Array => {
	const reach = new Uint8Array(256 * 256);
	for (const word of words) {
		const bytes = Buffer.from(word);
		const pair = rarestPair(bytes);
		reach[pair] = Math.max(reach[pair] ?? 0, bytes.lastIndexOf(Buffer.from([pair >> 8, pair & 0xff])) + 1);
	}

	for (let before = 0; before < 256; before++) {
		for (const byte of [...lookedThrough, escape]) {
			reach[(before << 8) | byte] = longest;
		}
	}

	return reach;
};

const rarestPair = (word: Buffer): number => {
	const pairs = Array.from({length: word.length - 1}, (_, index) => word.readUInt16BE(index));
	return pairs.toSorted((a, b) => frequency(a) - frequency(b))[0] ?? 0;
};

const frequency = (pair: number): number => share(pair >> 8) * share(pair & 0xff);

/** A tenth less from one to the next is near enough. */
const share = (byte: number): number => 0.9 ** (frequent.includes(byte) ? frequent.indexOf(byte) : frequent.length);
