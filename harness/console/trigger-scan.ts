import {cutOff, escape, sequenceEnd} from './escape-sequence.ts';
import {lookedThrough} from './trigger-automaton.ts';
import {type Candidate, type TriggerTables, longest, unseen} from './trigger-tables.ts';

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

				state = before;
				at = Math.max(at, end);
			}
		}

		this.#state = state;
		return -1;
	}

	/** The next place where a word may be; not further than the end of what is recognised of it. */
	#skip(bytes: Uint8Array, from: number, to: number): number {
		const {stops, telling} = this.#tables;
		const text = {bytes, to};
		let before = from === 0 ? 0 : (bytes[from - 1] ?? 0);
		let at = from;
		for (;;) {
			// This loop is what the speed of the engine hangs on.
			let stop = 0;
			for (; at < to; at++) {
				const byte = bytes[at] ?? 0;
				stop = stops[(before << 8) | byte] ?? 0;
				if (stop !== 0) {
					break;
				}

				before = byte;
			}

			if (at === to) {
				return to;
			}

			if (stop !== unseen) {
				if (mayBe(telling[stop] ?? [], text, at)) {
					return at;
				}

				before = bytes[at] ?? 0;
				at += 1;
				continue;
			}

			const next = this.#behind(text, at, before);
			if (next === at) {
				return at;
			}

			before = 0;
			at = next;
		}
	}

	/** Where it goes on behind what may stand inside a word unseen; the same place if a word may go on there. */
	#behind({bytes, to}: Text, at: number, before: number): number {
		const end = bytes[at] === escape ? sequenceEnd(bytes, at, to) : at;
		const next = Math.max(at, end) + 1;
		if (end === cutOff || next >= to) {
			return at;
		}

		const byte = bytes[next] ?? 0;
		const {innerGroup, inner} = this.#tables;
		const group = inner[innerGroup[(before << 8) | byte] ?? 0] ?? [];
		return isUnseen[byte] === 1 || anyBegins(group, bytes, at) ? at : next;
	}
}

/** Bytes, and where they end. */
type Text = {readonly bytes: Uint8Array; readonly to: number};

const isUnseen = Uint8Array.from({length: 256}, (_, byte) => (byte === escape || lookedThrough.includes(byte) ? 1 : 0));

/** Whether one of these words stands around `at`, as far as there are bytes. */
const mayBe = (group: readonly Candidate[], text: Text, at: number): boolean => {
	for (const candidate of group) {
		if (begins(candidate, text.bytes, at) && goesOn(candidate, text, at)) {
			return true;
		}
	}

	return false;
};

// No closures in these: they would be all the garbage there is.
const anyBegins = (group: readonly Candidate[], bytes: Uint8Array, at: number): boolean => {
	for (const candidate of group) {
		if (begins(candidate, bytes, at)) {
			return true;
		}
	}

	return false;
};

/** Whether what is in the word before the second byte of the pair is before `at`. */
const begins = ({word, second}: Candidate, bytes: Uint8Array, at: number): boolean => {
	let index = 1;
	while (index <= second && index <= at && bytes[at - index] === word[second - index]) {
		index += 1;
	}

	return index > second;
};

const goesOn = ({word, second}: Candidate, {bytes, to}: Text, at: number): boolean => {
	for (let index = second; index < word.length && at + index - second < to; index++) {
		if (bytes[at + index - second] !== word[index]) {
			return false;
		}
	}

	return true;
};
