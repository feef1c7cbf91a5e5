import {ByteWindow} from './byte-window.ts';
import {decodeInto, textBytes} from './decode.ts';
import {type Found, type Pattern, type Search, searchOf} from './search.ts';

export type {Pattern} from './search.ts';

export type ExpectResult = {
	/** Which of the patterns it was. */
	readonly index: number;
	/** The text that matched. */
	readonly text: string;
	/** The whole match, with groups; of a string pattern, the string alone. */
	readonly match: RegExpMatchArray;
	/** Offset in the port's raw bytes after the match: where the next search begins. */
	readonly end: number;
};

/** So many raw bytes are decoded at a time, and where each lot begins is remembered. */
const lotBytes = 8 * 1024;
/** Raw bytes that are kept at most for what they leave of text: a guest may send nothing but escape sequences. */
const rawBytes = 64 * 1024;

/** A place in the text and in the raw bytes, both counted from the beginning of the window. */
type Mark = {readonly text: number; readonly raw: number};

/**
 * A search over bytes that arrive in pieces. Of several patterns the match that starts first wins, then the one that is
 * listed first. Each piece is searched once, together with some 8 KiB before it: time is linear, memory bounded.
 */
export class Expectation {
	readonly #searches: readonly Search[];
	readonly #keep: number;
	/** What can still be part of a match: the raw bytes, and the text of the first `#decoded` of them. */
	readonly #raw = new ByteWindow();
	readonly #text = new ByteWindow();
	#decoded = 0;
	#marks: readonly Mark[] = [{text: 0, raw: 0}];
	/** Where the window begins in the port's raw bytes. */
	#from: number;
	/** The first byte of the window's text that is at a line's start. */
	#lineStart = 0;

	constructor(patterns: readonly Pattern[], from: number) {
		this.#searches = patterns.map(searchOf);
		this.#keep = Math.max(...this.#searches.map(({keep}) => keep));
		this.#from = from;
	}

	/** Takes the next bytes and searches. Not to be called again after a match. */
	feed(bytes: Buffer): ExpectResult | undefined {
		const fresh = this.#text.length;
		this.#raw.append(bytes);
		this.#decode();
		const first = this.#first(fresh);
		if (first === undefined) {
			this.#forget();
			return undefined;
		}

		const {index, found} = first;
		return {index, text: found.match[0], match: found.match, end: this.#from + this.#rawOffset(found.end)};
	}

	#decode(): void {
		for (let read = -1; read !== 0 && this.#decoded < this.#raw.length;) {
			const last = this.#marks.at(-1);
			if (this.#decoded - (last?.raw ?? 0) >= lotBytes) {
				this.#marks = [...this.#marks, {text: this.#text.length, raw: this.#decoded}];
			}

			const lot = this.#raw.bytes.subarray(this.#decoded, this.#decoded + lotBytes);
			const decoded = decodeInto(lot, this.#text.room(textBytes(lot.length)));
			this.#text.grow(decoded.written);
			this.#decoded += decoded.read;
			// Nothing read: an unfinished sequence, which is shorter than a lot.
			read = decoded.read;
		}
	}

	#first(fresh: number): {readonly index: number; readonly found: Found} | undefined {
		const text = {bytes: this.#text.bytes, fresh, lineStart: this.#lineStart};
		let first: {readonly index: number; readonly found: Found} | undefined;
		for (const [index, {find}] of this.#searches.entries()) {
			const found = find(text);
			if (found !== undefined && (first === undefined || found.start < first.found.start)) {
				first = {index, found};
			}
		}

		return first;
	}

	/** Cuts off what no later match can begin in. */
	#forget(): void {
		const cut = this.#marks.findLast(
			({text, raw}) => this.#text.length - text >= this.#keep || this.#decoded - raw >= rawBytes,
		);
		if (cut === undefined || cut.raw === 0) {
			return;
		}

		this.#raw.drop(cut.raw);
		this.#text.drop(cut.text);
		this.#decoded -= cut.raw;
		this.#from += cut.raw;
		this.#marks = this.#marks
			.filter(({raw}) => raw >= cut.raw)
			.map(({text, raw}) => ({text: text - cut.text, raw: raw - cut.raw}));
		// In a line without end, wherever: `^` may be wrong there.
		this.#lineStart = this.#text.bytes.indexOf('\n') + 1;
	}

	#rawOffset(textOffset: number): number {
		const mark = this.#marks.findLast(({text}) => text <= textOffset) ?? {text: 0, raw: 0};
		const limit = textOffset - mark.text;
		const out = Buffer.allocUnsafe(textBytes(limit + 1));
		return mark.raw + decodeInto(this.#raw.bytes.subarray(mark.raw), out, {limit}).read;
	}
}
