import {readFile, readdir, stat} from 'node:fs/promises';
import path from 'node:path';
import {z} from 'zod';
import {UsageError, exitCodes, signalExitCodes, messageOf} from '../core/errors.ts';
import {whyInvalid} from '../core/why-invalid.ts';
import {writeWhole} from '../report/write-whole.ts';
import {filesOfCell} from './cell-files.ts';
import {type Cell, cellId} from './cells.ts';
import {modulesOfCell} from './module-files.ts';
import {type Durations} from './shard.ts';

export const recordSchema = z.object({
	cell: z.object({id: z.string()}).loose(),
	/** That judges it: harness/program/program-version.ts. */
	version: z.string(),
	/** Of the files that it is judged by: another file is another cell. */
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

/** What a file holds may come from another machine too: none of its names leads elsewhere. */
const storedSchema = recordSchema.extend({
	cell: z.object({id: cellId}).loose(),
	run: z
		.string()
		.regex(/^[\w\-][\w.\-]*$/v, 'the name of a directory')
		.nullable(),
});

/** A cell that came to its end. Written whole, as the last thing of a cell: where there is none, the cell was not finished. */
export type CellRecord = Omit<z.infer<typeof recordSchema>, 'cell'> & {readonly cell: Cell};

export const cellsIn = (directory: string): string => path.join(directory, 'cells');
export const cellDirectory = (directory: string, id: string): string => path.join(cellsIn(directory), id);
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
		const record = storedSchema.parse(JSON.parse(text)) as unknown as CellRecord;
		if (record.cell.id !== id) {
			throw new Error(`it is of the cell ${record.cell.id}`);
		}

		return record;
	} catch (error) {
		throw new UsageError(`${file} is no record of this version: ${whyInvalid(error)}`, {cause: error});
	}
};

export type Records = {
	/** By the ids of their cells. */
	readonly records: ReadonlyMap<string, CellRecord>;
	/** Why that of a cell cannot be read, by its id. */
	readonly damaged: ReadonlyMap<string, string>;
};

/** All records below a directory. @throws UsageError where it cannot be read */
export const readRecords = async (directory: string): Promise<Records> => {
	const names = await readdir(cellsIn(directory)).catch((error: unknown) => {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
			return [];
		}

		throw new UsageError(`Cannot read the results in ${directory}: ${messageOf(error)}`, {cause: error});
	});
	const ids = names.filter((name) => cellId.safeParse(name).success);
	const records = new Map<string, CellRecord>();
	const damaged = new Map<string, string>();
	for (const id of ids) {
		try {
			const record = await readRecord(directory, id);
			if (record !== undefined) {
				records.set(id, record);
			}
		} catch (error) {
			damaged.set(id, messageOf(error));
		}
	}

	return {records, damaged};
};

export const durationsOf = (records: ReadonlyMap<string, CellRecord>): Durations =>
	new Map([...records].map(([id, {durationMs}]) => [id, durationMs]));

/** Of all files that a cell is judged by, size and time; null where there is none. */
export const stampOf = async (cell: Cell): Promise<string | null> => {
	const {modules} = cell.options;
	const files = filesOfCell(cell).filter((file) => !file.startsWith('ref:'));
	const stamps = await Promise.all(
		files.map(async (file) => (file === modules ? stampOfModules(file) : stampOfFile(cell, file))),
	);
	return stamps.length === 0 ? null : stamps.join(', ');
};

const notThere = 'not there';

/** The newest of them tells of an installation anew. */
const stampOfModules = async (directory: string): Promise<string> => {
	const {root, names} = await modulesOfCell(directory);
	const found = await Promise.all(names.map(async (name) => stat(path.join(root, name))));
	return found.length === 0
		? notThere
		: `${found.reduce((sum, {size}) => sum + size, 0)} ${Math.max(...found.map(({mtimeMs}) => mtimeMs))}`;
};

const stampOfFile = async ({options: {'password-file': password}}: Cell, file: string): Promise<string> => {
	const found = await stat(file).catch(() => undefined);
	if (found === undefined) {
		return notThere;
	}

	// The size of a password is nobody's business.
	return file === password ? String(found.mtimeMs) : `${found.size} ${found.mtimeMs}`;
};

/** Nothing was found out about the image: the command line or a file was wrong, the host failed, or a signal came. */
const unfinished: ReadonlySet<number> = new Set([exitCodes.usage, exitCodes.host, ...Object.values(signalExitCodes)]);

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
