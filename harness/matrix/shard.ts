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
 * The longest first, each to the shard that has least to do so far: never more than 4/3 of the shortest way to do it all (Graham 1969, LPT).
 * Every machine that knows the same durations comes to the same parts. A cell nobody has run yet counts as much as the median one.
 */
export const cellsOfShard = (
	cells: readonly Cell[],
	{shard, durations}: {readonly shard: Shard; readonly durations: Durations},
): readonly Cell[] => {
	const loads = Array.from({length: shard.count}, () => ({ms: 0, cells: 0}));
	const mine = new Set<string>();
	const usual = middle(cells.flatMap(({id}) => durations.get(id) ?? []));
	const lengthOf = ({id}: Cell): number => durations.get(id) ?? usual;
	for (const cell of longestFirst(cells, lengthOf)) {
		const least = loads.reduce((best, load) =>
			load.ms < best.ms || (load.ms === best.ms && load.cells < best.cells) ? load : best,
		);
		least.ms += lengthOf(cell);
		least.cells += 1;
		if (least === loads[shard.index - 1]) {
			mine.add(cell.id);
		}
	}

	return cells.filter(({id}) => mine.has(id));
};

/** Equal ones in the order of their names, which does not depend on where they stand in the file. */
export const longestFirst = (cells: readonly Cell[], lengthOf: (cell: Cell) => number): readonly Cell[] =>
	cells.toSorted((a, b) => lengthOf(b) - lengthOf(a) || (a.id < b.id ? -1 : 1));

const middle = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 1;
