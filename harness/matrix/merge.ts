import {cp} from 'node:fs/promises';
import {UsageError} from '../core/errors.ts';
import {makeDirectory} from '../report/make-directory.ts';
import {cellsOf} from './cells.ts';
import {type MatrixFolder, openMatrixFolder, readMatrixFolder} from './matrix-folder.ts';
import {type Outcome, missingOutcome, outcomeOf} from './outcome.ts';
import {type CellRecord, cellDirectory, readRecords} from './records.ts';

export type Merged = {
	readonly folder: MatrixFolder;
	/** All cells of the matrix, in its order; one that no shard has run is an error. */
	readonly outcomes: readonly Outcome[];
	/** What is worth telling: cells that were run more than once. */
	readonly notes: readonly string[];
};

type Found = {readonly directory: string; readonly record: CellRecord};

/**
 * Puts the shards of a matrix together. A cell that two of them have run counts once: what was finished last.
 * @param options.to where the cells are gathered; they stay where they are without it
 * @throws UsageError where the directories hold different matrices, or the same shard stands there twice
 */
export const mergeShards = async (
	directories: readonly string[],
	{to, today}: {readonly to?: string | undefined; readonly today: string},
): Promise<Merged> => {
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
	const found = new Map<string, Found>();
	const notes: string[] = [];
	for (const directory of directories) {
		const records = await readRecords(directory);
		for (const [id, record] of records) {
			const before = found.get(id);
			if (before !== undefined) {
				notes.push(`${id} was run in ${before.directory} and in ${directory}: what was finished last counts`);
			}

			if (before === undefined || endOf(record) > endOf(before.record)) {
				found.set(id, {directory, record});
			}
		}
	}

	const folder = {...first, shard: null};
	if (to !== undefined) {
		await gather([...found], {to, folder});
	}

	const shards = folders.map(({shard}) => shard ?? '1/1').join(', ');
	const outcomes: Outcome[] = [];
	for (const cell of cells) {
		const one = found.get(cell.id);
		const judging = {known: first.matrix.known, today};
		outcomes.push(
			one === undefined
				? missingOutcome(cell, `no shard has run it (there are ${shards})`)
				: await outcomeOf(one.record, {directory: to ?? one.directory, ...judging}),
		);
	}

	return {folder, outcomes, notes};
};

const endOf = ({startedAt, durationMs}: CellRecord): number => startedAt + durationMs;

const gather = async (
	found: ReadonlyArray<readonly [string, Found]>,
	{to, folder}: {readonly to: string; readonly folder: MatrixFolder},
): Promise<void> => {
	await openMatrixFolder(to, folder);
	for (const [id, {directory}] of found) {
		const target = cellDirectory(to, id);
		if (target !== cellDirectory(directory, id)) {
			makeDirectory(target);
			await cp(cellDirectory(directory, id), target, {recursive: true, force: true, verbatimSymlinks: true});
		}
	}
};
