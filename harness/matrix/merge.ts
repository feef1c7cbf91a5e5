import {cellsOf} from './cells.ts';
import {gather} from './gather.ts';
import {type MatrixFolder} from './matrix-folder.ts';
import {type Outcome, missingOutcome, readableOutcome, unreadable} from './outcome.ts';
import {cutOtherwise, readShards} from './read-shards.ts';
import {type CellRecord, readRecords} from './records.ts';

export type Merged = {
	readonly folder: MatrixFolder;
	/** All cells of the matrix, in its order; one that no shard has run is an error. */
	readonly outcomes: readonly Outcome[];
	/** What is worth telling: shards that were not cut alike, cells that were run more than once. */
	readonly notes: readonly string[];
};

type Found = {readonly directory: string; readonly record: CellRecord};

/**
 * Puts the shards of a matrix together. A cell that two of them have run, as where a shard was run once more in another directory, counts
 * once: what was finished last. One that left what cannot be read, or what another version has judged, is an error.
 * @param options.to where the cells are gathered; they stay where they are without it
 * @throws UsageError where the directories hold different matrices, or ones of different versions, or one of them is named twice;
 *   HostError where the cells cannot be gathered
 */
export const mergeShards = async (
	directories: readonly string[],
	{to, today}: {readonly to?: string | undefined; readonly today: string},
): Promise<Merged> => {
	const folders = await readShards(directories);
	const [first] = folders;
	const cells = cellsOf(first.matrix);
	const ids = new Set(cells.map(({id}) => id));
	const found = new Map<string, Found>();
	/** Why what there is of a cell does not count. */
	const useless = new Map<string, string>();
	const notes: string[] = [];
	const odd = cutOtherwise(folders)?.map((index) => directories[index]);
	if (odd !== undefined) {
		notes.push(
			`${odd.join(' and ')} were cut by different durations: cells may be in both, or in none; give --durations the same directory on every machine`,
		);
	}

	for (const directory of directories) {
		const read = await readRecords(directory);
		for (const [id, why] of read.damaged) {
			useless.set(id, unreadable(why));
		}

		for (const [id, record] of read.records) {
			if (record.version !== first.version) {
				useless.set(id, otherVersion(record, first));
				continue;
			}

			const before = found.get(id);
			if (before !== undefined) {
				notes.push(`${id} was run in ${before.directory} and in ${directory}: what was finished last counts`);
			}

			if (ids.has(id) && (before === undefined || endOf(record) > endOf(before.record))) {
				found.set(id, {directory, record});
			}
		}
	}

	for (const [id, why] of useless) {
		if (found.has(id)) {
			notes.push(`${id} was run twice, and one of them does not count: ${why}`);
		}
	}

	const folder = {...first, shard: null, durations: null};
	if (to !== undefined) {
		await gather(new Map(found.entries().map(([id, {directory}]) => [id, directory])), {to, folder});
	}

	const shards = `${folders.map(({shard}) => shard ?? '1/1').join(', ')}${odd === undefined ? '' : ', cut by different durations'}`;
	const outcomes: Outcome[] = [];
	for (const cell of cells) {
		const one = found.get(cell.id);
		const judging = {known: first.matrix.known, today};
		outcomes.push(
			one === undefined
				? missingOutcome(cell, useless.get(cell.id) ?? `no shard has run it (there are ${shards})`)
				: await readableOutcome({...one.record, cell}, {directory: to ?? one.directory, ...judging}),
		);
	}

	return {folder, outcomes, notes};
};

const otherVersion = (record: CellRecord, {version}: MatrixFolder): string =>
	`it was judged by Bootwright ${record.version}, and its matrix is of ${version}: the command that made its directory, given again, runs it again`;

const endOf = ({startedAt, durationMs}: CellRecord): number => startedAt + durationMs;
