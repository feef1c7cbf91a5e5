/**
 * Whether an id matches a pattern of `--only`, `--skip` or `explain`: `*` stands for any run of characters, dots
 * included, everything else for itself. The whole id has to match.
 */
export const matchesGlob = (pattern: string, id: string): boolean => {
	const [head = '', ...parts] = pattern.split('*');
	const tail = parts.pop();
	if (tail === undefined) {
		return id === pattern;
	}

	// Greedy from the left: linear, where the same pattern as a regular expression could backtrack for ever.
	if (!id.startsWith(head) || !id.endsWith(tail) || id.length < head.length + tail.length) {
		return false;
	}

	const end = id.length - tail.length;
	let position = head.length;
	for (const part of parts) {
		const found = id.indexOf(part, position);
		if (found === -1 || found + part.length > end) {
			return false;
		}

		position = found + part.length;
	}

	return true;
};

/**
 * Those whose id matches one of the patterns, all where there is none.
 * @param options.unmatched the error for a pattern that matches nothing, which is thrown
 */
export const chosenBy = <Item extends {readonly id: string}>(
	all: readonly Item[],
	patterns: readonly string[],
	{unmatched}: {readonly unmatched: (pattern: string) => Error},
): readonly Item[] => {
	const lost = patterns.find((pattern) => all.every(({id}) => !matchesGlob(pattern, id)));
	if (lost !== undefined) {
		throw unmatched(lost);
	}

	return patterns.length === 0 ? all : all.filter(({id}) => patterns.some((pattern) => matchesGlob(pattern, id)));
};
