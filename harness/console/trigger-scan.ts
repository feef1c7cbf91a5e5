/** CSI sequences that the decoder turns into a line end (decode.ts): H, f, d, J. */
const lineStarting = new Set([0x48, 0x66, 0x64, 0x4a]);
/** NUL, BEL, BS: the decoder drops them. */
const dropped = [0, 7, 8];
const escape = 0x1b;

/**
 * Finds words in the raw bytes of a console, in one pass at a fixed cost a byte, however many words there are
 * (Aho and Corasick, 1975). What the decoder removes is looked through, so a word is found whatever colours stand inside it;
 * where the bytes alone do not say (an escape sequence that is no CSI, or is cut off), it reports a hit. So it never misses
 * a word of the decoded text, and a hit says "decode this line and look".
 */
export class TriggerScan {
	readonly #table: Uint16Array;
	readonly #firstHit: number;
	#state = 0;

	/** @param words printable ASCII */
	constructor(words: readonly string[]) {
		const {table, firstHit} = automaton(words);
		this.#table = table;
		this.#firstHit = firstHit;
	}

	/** Forgets the beginning of a word that the last bytes may have been. */
	reset(): void {
		this.#state = 0;
	}

	/** The index of the first byte that ends a word, or -1; bytes of consecutive calls count as adjacent. */
	next(bytes: Uint8Array, from: number, to: number): number {
		const table = this.#table;
		const firstHit = this.#firstHit;
		let state = this.#state;
		for (let at = from; at < to; at++) {
			const before = state;
			state = table[(state << 8) | (bytes[at] ?? 0)] ?? 0;
			if (state >= firstHit) {
				const end = bytes[at] === escape ? sequenceEnd(bytes, at, to) : -1;
				if (end === -1) {
					this.#state = 0;
					return at;
				}

				state = lineStarting.has(bytes[end] ?? 0) ? 0 : before;
				at = end;
			}
		}

		this.#state = state;
		return -1;
	}
}

/** The index of a CSI sequence's last byte, by the same bounds as in decode.ts; -1 when it is anything else. */
const sequenceEnd = (bytes: Uint8Array, at: number, to: number): number => {
	if (bytes[at + 1] !== 0x5b) {
		return -1;
	}

	const intermediates = skip(bytes, {from: at + 2, to: Math.min(to, at + 2 + 64), first: 0x30, last: 0x3f});
	const final = skip(bytes, {from: intermediates, to: Math.min(to, intermediates + 8), first: 0x20, last: 0x2f});
	const byte = final < to ? (bytes[final] ?? 0) : 0;
	return byte >= 0x40 && byte <= 0x7e ? final : -1;
};

type Range = {readonly from: number; readonly to: number; readonly first: number; readonly last: number};

const skip = (bytes: Uint8Array, {from, to, first, last}: Range): number => {
	let at = from;
	while (at < to && (bytes[at] ?? 0) >= first && (bytes[at] ?? 0) <= last) {
		at += 1;
	}

	return at;
};

type Automaton = {readonly table: Uint16Array; readonly firstHit: number};

/** A row of 256 next states for each state; states from `firstHit` on end a word, or are the escape byte's. */
const automaton = (words: readonly string[]): Automaton => {
	const {children, ends} = trie(words);
	// Renumbered so that one comparison tells a hit.
	const order = children.map((_, node) => node).toSorted((a, b) => Number(ends[a]) - Number(ends[b]) || a - b);
	const number = new Map(order.map((node, index) => [node, index]));
	const table = new Uint16Array(children.length * 256);
	const escaped = children.length;
	const firstHit = ends.filter((end) => !end).length;
	const fallback: number[] = [0];
	// Breadth first: the fallback of a node is nearer to the root, so its row is there.
	for (const queue = [0]; queue.length > 0;) {
		const node = queue.shift() ?? 0;
		const row = (number.get(node) ?? 0) * 256;
		const fallbackRow = (number.get(fallback[node] ?? 0) ?? 0) * 256;
		for (let byte = 0; byte < 256; byte++) {
			const child = children[node]?.get(byte);
			if (child === undefined) {
				table[row + byte] = node === 0 ? 0 : (table[fallbackRow + byte] ?? 0);
			} else {
				fallback[child] = node === 0 ? 0 : (order[table[fallbackRow + byte] ?? 0] ?? 0);
				table[row + byte] = number.get(child) ?? 0;
				queue.push(child);
			}
		}

		for (const byte of dropped) {
			table[row + byte] = row / 256;
		}

		table[row + escape] = escaped;
	}

	return {table, firstHit};
};

type Trie = {readonly children: ReadonlyArray<Map<number, number>>; readonly ends: readonly boolean[]};

const trie = (words: readonly string[]): Trie => {
	const children: Array<Map<number, number>> = [new Map<number, number>()];
	const ends: boolean[] = [false];
	for (const word of words) {
		let node = 0;
		for (const byte of Buffer.from(word)) {
			let child = children[node]?.get(byte);
			if (child === undefined) {
				child = children.length;
				children.push(new Map());
				ends.push(false);
				children[node]?.set(byte, child);
			}

			node = child;
		}

		ends[node] = true;
	}

	return {children, ends};
};
