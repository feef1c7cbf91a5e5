import {UsageError} from '../core/errors.ts';
import {chosenBy} from '../core/glob.ts';
import {didYouMean} from '../core/nearest.ts';
import {type Cell} from './cells.ts';

/**
 * The cells that are to be run, in the order of the matrix: those that one of the patterns matches, and that have one of the tags.
 * @param options.cell patterns of `--cell`; none: all
 * @param options.tag words of `--tag`; none: all
 * @throws UsageError for a pattern or a tag of no cell, and where nothing is left
 */
export const chooseCells = (
	cells: readonly Cell[],
	{cell: patterns, tag: tags}: {readonly cell: readonly string[]; readonly tag: readonly string[]},
): readonly Cell[] => {
	const named = chosenBy(cells, patterns, {
		unmatched: (pattern) => new UsageError(`--cell ${pattern} matches no cell`, {hint: seeList}),
	});
	const known = new Set(cells.flatMap((cell) => cell.tags));
	const unknown = tags.find((tag) => !known.has(tag));
	if (unknown !== undefined) {
		throw new UsageError(`--tag ${unknown}: no cell has this tag.${didYouMean(unknown, known)}`, {
			hint:
				known.size === 0 ? 'An image has "tags" in the file (docs/matrix.md).' : `There are: ${[...known].join(', ')}`,
		});
	}

	if (tags.length === 0) {
		return named;
	}

	const chosen = named.filter((cell) => cell.tags.some((tag) => tags.includes(tag)));
	if (chosen.length === 0) {
		throw new UsageError('No cell that --cell matches has a tag of --tag', {hint: seeList});
	}

	return chosen;
};

const seeList = 'bootwright matrix FILE --list shows them.';
