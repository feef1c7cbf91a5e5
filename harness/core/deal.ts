/**
 * Deals things out to so many parts, in the order given: each to the part that has least to do so far, of equal ones to that with the fewest things.
 * The longest first, no part takes more than 4/3 of the shortest way to do it all (Graham 1969, LPT).
 */
export const deal = <Thing>(
	things: readonly Thing[],
	{parts, lengthOf}: {readonly parts: number; readonly lengthOf: (thing: Thing) => number},
): ReadonlyArray<readonly Thing[]> => {
	const dealt = Array.from({length: parts}, (): {length: number; readonly things: Thing[]} => ({
		length: 0,
		things: [],
	}));
	for (const thing of things) {
		const least = dealt.reduce((best, part) =>
			part.length < best.length || (part.length === best.length && part.things.length < best.things.length)
				? part
				: best,
		);
		least.length += lengthOf(thing);
		least.things.push(thing);
	}

	return dealt.map((part) => part.things);
};
