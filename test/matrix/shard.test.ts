import test from 'ava';
import {type Cell} from '../../harness/matrix/cells.ts';
import {type Durations, cellsOfShard, parseShard} from '../../harness/matrix/shard.ts';
import {inByteOrder} from '../../harness/image/build/in-byte-order.ts';
import {cellsIn} from './_matrix.ts';

const cells = cellsIn(`images: [${Array.from({length: 40}, (_, index) => `ref:i${index}`).join(', ')}]`);
/** From a second to about a minute, without any order. */
const durations: Durations = new Map(cells.map(({id}, index) => [id, 1000 + ((index * 7919) % 60) * 1000]));

const shardsOf = (count: number, known: Durations, all: readonly Cell[] = cells): ReadonlyArray<readonly Cell[]> =>
	Array.from({length: count}, (_, index) => cellsOfShard(all, {shard: {index: index + 1, count}, durations: known}));

test('every cell is in exactly one shard', (t) => {
	for (const count of [1, 2, 3, 7, 40, 50]) {
		const ids = shardsOf(count, durations)
			.flat()
			.map(({id}) => id);
		t.deepEqual(ids.toSorted(inByteOrder), cells.map(({id}) => id).toSorted(inByteOrder), String(count));
	}
});

test('shards take the same time within 15 %, by what the cells took before', (t) => {
	for (const count of [2, 3, 5]) {
		const loads = shardsOf(count, durations).map((shard) =>
			shard.reduce((sum, {id}) => sum + (durations.get(id) ?? 0), 0),
		);
		t.true(Math.max(...loads) / Math.min(...loads) <= 1.15, loads.join(' '));
	}
});

test('the order of the file changes no shard, and neither does another machine', (t) => {
	const ids = (shards: ReadonlyArray<readonly Cell[]>): unknown =>
		shards.map((shard) => shard.map(({id}) => id).toSorted(inByteOrder));
	t.deepEqual(ids(shardsOf(3, durations, cells.toReversed())), ids(shardsOf(3, durations)));
	t.deepEqual(ids(shardsOf(3, new Map())), ids(shardsOf(3, new Map(), cells.toReversed())));
});

test('without durations the shards have as many cells', (t) => {
	const sizes = shardsOf(3, new Map()).map(({length}) => length);
	t.true(Math.max(...sizes) - Math.min(...sizes) <= 1, sizes.join(' '));
});

test('which part', (t) => {
	t.deepEqual(parseShard('2/3'), {index: 2, count: 3});
	for (const text of ['0/3', '4/3', '1', '1/0', 'a/b', '1/3/4', '-1/3']) {
		t.is(parseShard(text), undefined, text);
	}
});
