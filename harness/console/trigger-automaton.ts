import {escape} from './escape-sequence.ts';

/** NUL, BEL, BS: the decoder drops them. */
export const lookedThrough: readonly number[] = [0, 7, 8];

/** A row of 256 next states for each state; states from `firstHit` on end a word, or are the escape byte's. */
export type Automaton = {readonly table: Uint16Array; readonly firstHit: number};

/** Aho and Corasick, "Efficient string matching" (1975), as a table: one look-up a byte, however many words there are. */
export const automaton = (words: readonly string[]): Automaton => {
	const nodes = trie(words);
	// The shorter beginnings first: what a node falls back to comes before it.
	const byDepth = nodes.toSorted((a, b) => a.depth - b.depth);
	for (const node of byDepth) {
		addFallbacks(nodes, node);
	}

	// Numbered so that one comparison tells a hit; the sort is stable, so the root stays 0.
	const states = nodes.toSorted((a, b) => Number(a.ends) - Number(b.ends));
	const number = new Map(states.map((node, index) => [node, index]));
	const row = (node: Node): number => (number.get(node) ?? 0) * 256;
	const table = new Uint16Array(nodes.length * 256);
	for (const node of byDepth) {
		table.copyWithin(row(node), row(node.fallback ?? node), row(node.fallback ?? node) + 256);
		for (const [byte, child] of node.children) {
			table[row(node) + byte] = number.get(child) ?? 0;
		}

		for (const byte of lookedThrough) {
			table[row(node) + byte] = number.get(node) ?? 0;
		}

		table[row(node) + escape] = nodes.length;
	}

	return {table, firstHit: nodes.filter(({ends}) => !ends).length};
};

/** The beginning of one or more words. */
type Node = {
	readonly depth: number;
	readonly children: Map<number, Node>;
	/** A word ends here. */
	ends: boolean;
	/** The longest shorter beginning that this one ends with; the root has none. */
	fallback: Node | undefined;
};

const trie = (words: readonly string[]): readonly Node[] => {
	const root: Node = {depth: 0, children: new Map(), ends: false, fallback: undefined};
	const nodes = [root];
	for (const word of words) {
		let node = root;
		for (const byte of Buffer.from(word)) {
			const next = node.children.get(byte) ?? {depth: node.depth + 1, children: new Map(), ends: false, fallback: root};
			if (!node.children.has(byte)) {
				node.children.set(byte, next);
				nodes.push(next);
			}

			node = next;
		}

		node.ends = true;
	}

	return nodes;
};

const addFallbacks = ([root]: readonly Node[], node: Node): void => {
	// A word may end within another one.
	node.ends ||= node.fallback?.ends ?? false;
	for (const [byte, child] of node.children) {
		let shorter = node.fallback;
		while (shorter?.children.has(byte) === false) {
			shorter = shorter.fallback;
		}

		child.fallback = shorter?.children.get(byte) ?? root;
	}
};
