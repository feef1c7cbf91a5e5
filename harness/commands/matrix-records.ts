import {readdir} from 'node:fs/promises';
import {UsageError, messageOf} from '../core/errors.ts';
import {type Cell} from '../matrix/cells.ts';
import {type CellRecord, readRecords} from '../matrix/records.ts';
import {printable} from '../report/printable.ts';
import {type CommandContext} from './command.ts';

/** Those in the directory of the matrix. What another version has judged is told, and judged again. */
export const recordsToGoOnWith = async (
	directory: string,
	{
		cells,
		version,
		context,
	}: {
		readonly cells: readonly Cell[];
		readonly version: string;
		readonly context: Pick<CommandContext, 'stderr'>;
	},
): Promise<ReadonlyMap<string, CellRecord>> => {
	const records = await recordsIn(directory, context);
	const others = new Set(cells.flatMap(({id}) => records.get(id)?.version ?? []).filter((other) => other !== version));
	if (others.size > 0) {
		const line = `cells that Bootwright ${[...others].join(', ')} has judged are run again: this is ${version}`;
		context.stderr.write(`${printable(line, 2000)}\n`);
	}

	return records;
};

/**
 * Those of an earlier night, from the directory of `--durations`. One that knows none of the cells, as before the first night, is told.
 * @throws UsageError where there is none: this machine would cut other shards than those that have it
 */
export const earlierRecords = async (
	directory: string | undefined,
	{cells, context}: {readonly cells: readonly Cell[]; readonly context: Pick<CommandContext, 'stderr'>},
): Promise<ReadonlyMap<string, CellRecord>> => {
	if (directory === undefined) {
		return new Map();
	}

	await readdir(directory).catch((error: unknown) => {
		throw new UsageError(`Cannot take durations from ${directory}: ${messageOf(error)}`, {
			cause: error,
			hint: 'It is the directory of an earlier matrix, the same on every machine. Without --durations all cells count the same.',
		});
	});
	const records = await recordsIn(directory, context);
	if (cells.every(({id}) => !records.has(id))) {
		context.stderr.write(`${directory} holds no result of these cells: all count the same\n`);
	}

	return records;
};

/** One that cannot be read is told, and is none: its cell is run again. */
const recordsIn = async (
	directory: string,
	{stderr}: Pick<CommandContext, 'stderr'>,
): Promise<ReadonlyMap<string, CellRecord>> => {
	const {records, damaged} = await readRecords(directory);
	for (const why of damaged.values()) {
		stderr.write(`${printable(why, 2000)}\n`);
	}

	return records;
};
