import {readFile, readdir, stat} from 'node:fs/promises';
import path from 'node:path';
import {z} from 'zod';
import {UsageError, exitCodes, signalExitCodes, messageOf} from '../core/errors.ts';
import {whyInvalid} from '../core/why-invalid.ts';
import {writeWhole} from '../report/write-whole.ts';
import {filesOf} from './cell-files.ts';
import {type Cell} from './cells.ts';
import {moduleFiles} from './module-files.ts';
import {type Durations} from './shard.ts';

export const recordSchema = z.object({
	cell: z.object({id: z.string()}).loose(),
	/** Of Bootwright. */
	version: z.string(),
	/** Of the files that it was judged by, where paths name them: another file is another cell. */
	stamp: z.string().nullable(),
	exitCode: z.int(),
	startedAt: z.number(),
	durationMs: z.number(),
	/** 2 where the host failed the first time. */
	attempts: z.int(),
	/** Directory of the run's artifacts, below the cell's; null where no run was begun. */
	run: z.string().nullable(),
	/** The last it said on standard error. */
	words: z.string(),
});

/** A cell that came to its end. Written whole, as the last thing of a cell: where there is none, the cell was not finished. */
export type CellRecord = Omit<z.infer<typeof recordSchema>, 'cell'> & {readonly cell: Cell};

export const cellDirectory = (directory: string, id: string): string => path.join(directory, 'cells', id);
const recordOf = (directory: string, id: string): string => path.join(cellDirectory(directory, id), 'cell.json');

export const writeRecord = async (directory: string, record: CellRecord): Promise<void> =>
	writeWhole(recordOf(directory, record.cell.id), `${JSON.stringify(record, undefined, '\t')}\n`);

/** @throws UsageError for a file that is no record of this version */
export const readRecord = async (directory: string, id: string): Promise<CellRecord | undefined> => {
	const file = recordOf(directory, id);
	const text = await readFile(file, 'utf8').catch((error: unknown) => {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
			return undefined;
		}

		throw new UsageError(`Cannot read ${file}: ${messageOf(error)}`, {cause: error});
	});
	if (text === undefined) {
		return undefined;
	}

	try {
		return recordSchema.parse(JSON.parse(text)) as unknown as CellRecord;
	} catch (error) {
		throw new UsageError(`${file} is no record of this version: ${whyInvalid(error)}`, {cause: error});
	}
};

/** All records below a directory, by the ids of their cells. */
export const readRecords = async (directory: string): Promise<ReadonlyMap<string, CellRecord>> => {
	const ids = await readdir(path.join(directory, 'cells')).catch(() => []);
	const records = await Promise.all(ids.map(async (id) => readRecord(directory, id)));
	return new Map(records.flatMap((record) => (record === undefined ? [] : [[record.cell.id, record] as const])));
};

export const durationsOf = (records: ReadonlyMap<string, CellRecord>): Durations =>
	new Map([...records].map(([id, {durationMs}]) => [id, durationMs]));

/** Size and time of each file that a cell is judged by, the image's first; null where none of them is there. */
export const stampOf = async (cell: Cell): Promise<string | null> => {
	const {modules} = cell.options;
	const stamps = await Promise.all(
		filesOf(cell).map(async (file) => (file === modules ? stampOfModules(file) : stampOfFile(file))),
	);
	return stamps.every((stamp) => stamp === undefined) ? null : stamps.map((stamp = '-') => stamp).join(', ');
};

const stampOfFile = async (file: string): Promise<string | undefined> => {
	const found = await stat(file).catch(() => undefined);
	return found === undefined ? undefined : `${found.size} ${found.mtimeMs}`;
};

/** The newest of them tells of an installation anew. */
const stampOfModules = async (directory: string): Promise<string | undefined> => {
	const {root, names} = await moduleFiles(directory);
	const found = await Promise.all(names.map(async (name) => stat(path.join(root, name))));
	return found.length === 0
		? undefined
		: `${found.reduce((sum, {size}) => sum + size, 0)} ${Math.max(...found.map(({mtimeMs}) => mtimeMs))}`;
};

/** Ended for the host's fault, or by a signal: nothing was found out about the image. */
const unfinished: ReadonlySet<number> = new Set([exitCodes.host, ...Object.values(signalExitCodes)]);

/** Whether a cell need not be run again. */
export const isFinished = (
	record: CellRecord | undefined,
	{cell, version, stamp}: Pick<CellRecord, 'cell' | 'version' | 'stamp'>,
): record is CellRecord =>
	record !== undefined &&
	!unfinished.has(record.exitCode) &&
	record.version === version &&
	record.stamp === stamp &&
	JSON.stringify(record.cell) === JSON.stringify(cell);
