/**
 * The candidates that a person most likely meant by a mistyped word, best first; empty when nothing is near.
 * Case does not count, and a word that is a piece of an id finds it (`tso` → `hw.net.tso4`).
 */
export const nearestIds = (word: string, candidates: Iterable<string>, limit = 3): readonly string[] => {
	const wanted = word.toLowerCase();
	return [...candidates]
		.map((id) => ({id, distance: distanceOf(wanted, id.toLowerCase())}))
		.filter(({distance}) => distance <= Math.max(2, wanted.length * 0.4))
		.toSorted((a, b) => a.distance - b.distance || a.id.localeCompare(b.id, 'en'))
		.slice(0, limit)
		.map(({id}) => id);
};

/** ` Did you mean "x" or "y"?` with its leading space, or nothing: the end of a message about an unknown word. */
export const didYouMean = (word: string, candidates: Iterable<string>): string => {
	const near = nearestIds(word, candidates).map((id) => `"${id}"`);
	const last = near.pop();
	return last === undefined ? '' : ` Did you mean ${near.length === 0 ? '' : `${near.join(', ')} or `}${last}?`;
};

/** The same for a pattern that matches none of the candidates: `hw.pcii.*` may have meant `hw.pci.*`, which is no id. */
export const didYouMeanPattern = (pattern: string, ids: Iterable<string>): string => {
	const all = [...ids];
	return didYouMean(pattern, pattern.endsWith('.*') ? new Set(all.flatMap((id) => groupsOf(id))) : all);
};

/** `hw.*` and `hw.pci.*` of `hw.pci.identity`. */
const groupsOf = (id: string): readonly string[] => {
	const parts = id.split('.').slice(0, -1);
	return parts.map((_, index) => `${parts.slice(0, index + 1).join('.')}.*`);
};

/** Edits that make one word the other; the last parts of a dotted id alone count too, at a small price. */
const distanceOf = (word: string, id: string): number => {
	if (word.length >= 3 && id.includes(word)) {
		return 1 - word.length / id.length;
	}

	const parts = id.split('.');
	const endings = parts.map((_, index) => levenshtein(word, parts.slice(index).join('.')) + (index === 0 ? 0 : 0.5));
	return Math.min(...endings);
};

const levenshtein = (a: string, b: string): number => {
	const others = b.split('');
	let row = Array.from({length: b.length + 1}, (_, index) => index);
	for (const [i, letter] of a.split('').entries()) {
		const next = [i + 1];
		for (const [j, other] of others.entries()) {
			const substituted = (row[j] ?? 0) + (letter === other ? 0 : 1);
			next.push(Math.min(substituted, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
		}

		row = next;
	}

	return row.at(-1) ?? 0;
};
