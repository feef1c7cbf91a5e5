import {cp} from 'node:fs/promises';
import {UsageError} from '../core/errors.ts';
import {isSameFile} from '../image/same-file.ts';
import {makeDirectory} from '../report/make-directory.ts';
import {cellsOf} from './cells.ts';
import {type MatrixFolder, openMatrixFolder, readMatrixFolder} from './matrix-folder.ts';
import {type Outcome, missingOutcome, readableOutcome, unreadable} from './outcome.ts';
import {type CellRecord, cellDirectory, readRecords} from './records.ts';

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
 * once: what was finished last. One that left what cannot be read is an error.
 * @param options.to where the cells are gathered; they stay where they are without it
 * @throws UsageError where the directories hold different matrices, or one of them is named twice
 */
export const mergeShards = async (
	directories: readonly string[],
	{to, today}: {readonly to?: string | undefined; readonly today: string},
): Promise<Merged> => {
	await mustDiffer(directories);
	const folders = await Promise.all(directories.map(async (directory) => readMatrixFolder(directory)));
	const [first] = folders;
	if (first === undefined) {
		throw new UsageError('There is no directory to merge');
	}

	const other = folders.findIndex(
		({matrix, version}) => version !== first.version || JSON.stringify(matrix) !== JSON.stringify(first.matrix),
	);
	if (other !== -1) {
		throw new UsageError(
			`${directories[0] ?? ''} and ${directories[other] ?? ''} do not hold the same matrix, judged by the same version`,
		);
	}

	const cells = cellsOf(first.matrix);
	const ids = new Set(cells.map(({id}) => id));
	const found = new Map<string, Found>();
	const damaged = new Map<string, string>();
	const cutOtherwise = otherDurations(folders);
	const notes =
		cutOtherwise === undefined
			? []
			: [
					`${cutOtherwise.map((index) => directories[index]).join(' and ')} were cut by different durations: cells may be in both, or in none; give --durations the same directory on every machine`,
				];
	for (const directory of directories) {
		const read = await readRecords(directory);
		for (const [id, why] of read.damaged) {
			damaged.set(id, why);
		}

		for (const [id, record] of read.records) {
			const before = found.get(id);
			if (before !== undefined) {
				notes.push(`${id} was run in ${before.directory} and in ${directory}: what was finished last counts`);
			}

			if (ids.has(id) && (before === undefined || endOf(record) > endOf(before.record))) {
				found.set(id, {directory, record});
			}
		}
	}

	for (const [id, why] of damaged) {
		if (found.has(id)) {
			notes.push(`${id} was run twice, and one of them cannot be read: ${why}`);
		}
	}

	const folder = {...first, shard: null, durations: null};
	if (to !== undefined) {
		await gather([...found], {to, folder});
	}

	const shards = `${folders.map(({shard}) => shard ?? '1/1').join(', ')}${cutOtherwise === undefined ? '' : ', cut by different durations'}`;
	const outcomes: Outcome[] = [];
	for (const cell of cells) {
		const one = found.get(cell.id);
		const why = damaged.get(cell.id);
		const judging = {known: first.matrix.known, today};
		outcomes.push(
			one === undefined
				? missingOutcome(cell, why === undefined ? `no shard has run it (there are ${shards})` : unreadable(why))
				: await readableOutcome({...one.record, cell}, {directory: to ?? one.directory, ...judging}),
		);
	}

	return {folder, outcomes, notes};
};

const mustDiffer = async (directories: readonly string[]): Promise<void> => {
	for (const [index, one] of directories.entries()) {
		const later = directories.slice(index + 1);
		const same = await Promise.all(later.map(async (other) => isSameFile(one, other)));
		const other = later[same.indexOf(true)];
		if (other !== undefined) {
			throw new UsageError(`${one} and ${other} are one directory`, {hint: 'Name each shard once.'});
		}
	}
};

/** The first two shards that were not cut alike. */
const otherDurations = (folders: readonly MatrixFolder[]): readonly [number, number] | undefined => {
	const one = folders.findIndex(({shard}) => shard !== null);
	const other = folders.findIndex(({shard, durations}) => shard !== null && durations !== folders[one]?.durations);
	return other === -1 ? undefined : [one, other];
};

const endOf = ({startedAt, durationMs}: CellRecord): number => startedAt + durationMs;

const gather = async (
	found: ReadonlyArray<readonly [string, Found]>,
	{to, folder}: {readonly to: string; readonly folder: MatrixFolder},
): Promise<void> => {
	await openMatrixFolder(to, folder);
	for (const [id, {directory}] of found) {
		const [source, target] = [cellDirectory(directory, id), cellDirectory(to, id)];
		if (!(await isSameFile(source, target))) {
			makeDirectory(target);
			await cp(source, target, {recursive: true, force: true, verbatimSymlinks: true});
		}
	}
};
