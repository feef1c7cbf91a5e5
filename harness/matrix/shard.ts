import {createHash} from 'node:crypto';
import {deal} from '../core/deal.ts';
import {median} from '../core/statistics.ts';
import {type Cell} from './cells.ts';

/** The `index`th of `count` parts, from 1 on. */
export type Shard = {readonly index: number; readonly count: number};

/** Milliseconds that a cell took before, by its id. */
export type Durations = ReadonlyMap<string, number>;

/** @returns undefined for what is no `i/n` */
export const parseShard = (text: string): Shard | undefined => {
	const [, index = '', count = ''] = /^(\d{1,4})\/(\d{1,4})$/v.exec(text) ?? [];
	const shard = {index: Number(index), count: Number(count)};
	return shard.index >= 1 && shard.index <= shard.count ? shard : undefined;
};

/**
 * The longest cells are dealt first. Every machine that knows the same durations comes to the same parts. A cell nobody has run yet
 * counts as much as the median one.
 */
export const cellsOfShard = (
	cells: readonly Cell[],
	{shard: {index, count}, durations}: {readonly shard: Shard; readonly durations: Durations},
): readonly Cell[] => {
	const known = cells.flatMap(({id}) => durations.get(id) ?? []);
	const usual = known.length === 0 ? 1 : median(known);
	const lengthOf = ({id}: Cell): number => durations.get(id) ?? usual;
	const mine = new Set(deal(longestFirst(cells, {lengthOf, idOf: ({id}) => id}), {parts: count, lengthOf})[index - 1]);
	return cells.filter((cell) => mine.has(cell));
};

/**
 * Of all that the cut of a matrix depends on but the matrix.
 * @param cells all of the matrix
 * @returns 16 hex digits; null where nothing is known of any cell, so that all count the same
 */
export const durationsDigest = (cells: readonly Cell[], durations: Durations): string | null => {
	const known = cells.flatMap(({id}) => (durations.has(id) ? [[id, durations.get(id)]] : []));
	return known.length === 0 ? null : createHash('sha256').update(JSON.stringify(known)).digest('hex').slice(0, 16);
};

/** Equal ones in the order of their names, which does not depend on where they stand in the file. */
export const longestFirst = <Item>(
	items: readonly Item[],
	{
		lengthOf,
		idOf,
	}: {
		readonly lengthOf: (item: Item) => number;
		readonly idOf: (item: Item) => string;
	},
): readonly Item[] => items.toSorted((a, b) => lengthOf(b) - lengthOf(a) || (idOf(a) < idOf(b) ? -1 : 1));
