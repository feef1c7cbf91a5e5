import {decodeInto} from './decode.ts';

/** A string that must appear as it is, or a RegExp. With RegExps, `^` and `$` mean line ends when the `m` flag is set. */
export type Pattern = string | RegExp;

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

/** How far back a RegExp can see into text that was already searched, in characters. */
const lookBack = 8 * 1024;

/**
 * A search over bytes that arrive in pieces. Of several patterns the match that starts first wins, then the one that is
 * listed first. Each piece is searched once, together with at most 8 Ki characters before it: time is linear, memory bounded.
 */
export class Expectation {
	readonly #patterns: readonly Pattern[];
	readonly #expressions: ReadonlyArray<RegExp | undefined>;
	readonly #keep: number;
	#undecoded = '';
	#text = '';
	#fresh = 0;
	/** Where runs of text stand in the raw bytes: parallel, rising. */
	#marks: Array<{text: number; raw: number}> = [];
	#rawEnd: number;

	constructor(patterns: readonly Pattern[], from: number) {
		this.#patterns = patterns;
		this.#rawEnd = from;
		this.#expressions = patterns.map((pattern) =>
			typeof pattern === 'string' ? undefined : new RegExp(pattern.source, `${pattern.flags.replaceAll(/[gy]/g, '')}g`),
		);
		this.#keep = Math.max(
			...patterns.map((pattern) => (typeof pattern === 'string' ? Math.max(0, pattern.length - 1) : lookBack)),
		);
	}

	/** Takes the next bytes and searches. Not to be called again after a match. */
	feed(bytes: Buffer): ExpectResult | undefined {
		const raw = this.#undecoded + bytes.toString('latin1');
		const consumed = decodeInto(
			raw,
			(text, at) => {
				const last = this.#marks.at(-1);
				if (last === undefined || last.raw - last.text !== at - this.#text.length) {
					this.#marks.push({text: this.#text.length, raw: at});
				}

				this.#text += text;
			},
			{base: this.#rawEnd},
		);
		this.#rawEnd += consumed;
		this.#undecoded = raw.slice(consumed);
		const result = this.#search();
		if (result === undefined) {
			this.#forget();
		}

		return result;
	}

	#search(): ExpectResult | undefined {
		let best: {index: number; match: RegExpMatchArray; at: number} | undefined;
		for (const [index, pattern] of this.#patterns.entries()) {
			const match = this.#find(index, pattern);
			if (match?.index !== undefined && (best === undefined || match.index < best.at)) {
				best = {index, match, at: match.index};
			}
		}

		if (best === undefined) {
			return undefined;
		}

		const text = best.match[0];
		return {index: best.index, text, match: best.match, end: this.#rawOffset(best.at + text.length)};
	}

	#find(index: number, pattern: Pattern): RegExpMatchArray | undefined {
		const expression = this.#expressions[index];
		if (expression !== undefined) {
			expression.lastIndex = 0;
			return expression.exec(this.#text) ?? undefined;
		}

		const text = String(pattern);
		const at = this.#text.indexOf(text, Math.max(0, this.#fresh - text.length + 1));
		return at === -1 ? undefined : Object.assign([text] as [string], {index: at, input: this.#text});
	}

	/** Cuts off what no later match can begin in. */
	#forget(): void {
		if (this.#text.length > this.#keep) {
			// At a line start if there is one, so that `^` keeps its meaning.
			const cut = this.#text.length - this.#keep;
			const line = this.#keep === lookBack ? this.#text.indexOf('\n', cut - 1) + 1 : 0;
			const start = Math.max(line, cut);
			const before = this.#marks.findLast(({text}) => text <= start);
			const raw = before === undefined ? this.#rawEnd : before.raw + start - before.text;
			this.#marks = [
				{text: 0, raw},
				...this.#marks.filter(({text}) => text > start).map((mark) => ({text: mark.text - start, raw: mark.raw})),
			];
			this.#text = this.#text.slice(start);
		}

		this.#fresh = this.#text.length;
	}

	#rawOffset(at: number): number {
		if (at >= this.#text.length) {
			return this.#rawEnd;
		}

		const mark = this.#marks.findLast(({text}) => text <= at);
		return mark === undefined ? this.#rawEnd : mark.raw + at - mark.text;
	}
}
