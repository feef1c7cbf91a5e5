import {readFile} from 'node:fs/promises';
import path from 'node:path';
import {z} from 'zod';
import {UsageError} from '../core/errors.ts';
import {whyInvalid} from '../core/why-invalid.ts';
import {makeGivenDirectory} from '../report/run-directory.ts';
import {writeWhole} from '../report/write-whole.ts';
import {matrixSchema} from './matrix-file.ts';
import {cellsIn} from './records.ts';

const folderSchema = z.object({
	/** That judges it, or did so last: harness/program/program-version.ts. */
	version: z.string(),
	matrix: matrixSchema,
	/** `2/3`; null where it is all of it. */
	shard: z.string().nullable(),
	/** Digest of the durations that the shard was cut by; null where all cells counted the same, or it is all of it. */
	durations: z.string().nullable().default(null),
});

/** What the cells in a directory belong to: `matrix.json`. */
export type MatrixFolder = z.infer<typeof folderSchema>;

const fileIn = (directory: string): string => path.join(directory, 'matrix.json');

/** Held by the command that runs the matrix of a directory. */
export const lockIn = (directory: string): string => path.join(directory, 'lock');

/** What is a directory's own, as `checkReportFiles` takes it: reports lie beside it. */
export const recordsOfFolders = (
	directories: readonly string[],
): {readonly inputs: readonly string[]; readonly records: readonly string[]} => ({
	inputs: directories.flatMap((directory) => [fileIn(directory), lockIn(directory)]),
	records: directories.map((directory) => cellsIn(directory)),
});

/**
 * Takes a directory for a matrix. One that has the same matrix already is gone on with, by whatever version: its cells have their own.
 * @throws UsageError where it cannot be used, or holds another one; HostError on a full disk
 */
export const openMatrixFolder = async (directory: string, wanted: MatrixFolder): Promise<void> => {
	makeGivenDirectory(directory);
	const there = await readMatrixFolder(directory).catch((error: unknown) => {
		if (error instanceof UsageError && (error.cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') {
			return undefined;
		}

		throw error;
	});
	const other = there === undefined ? undefined : difference(there, folderSchema.parse(wanted));
	if (other !== undefined) {
		throw new UsageError(`${directory} holds ${other}`, {hint: 'Give another directory with --artifacts DIR.'});
	}

	await writeWhole(fileIn(directory), `${JSON.stringify(wanted, undefined, '\t')}\n`);
};

/** What one that is there is, in words; undefined where it is the wanted one. */
const difference = (there: MatrixFolder, wanted: MatrixFolder): string | undefined => {
	if (there.shard !== wanted.shard) {
		return `shard ${there.shard ?? '1/1'}`;
	}

	if (JSON.stringify(there.matrix) !== JSON.stringify(wanted.matrix)) {
		return 'another matrix';
	}

	return there.durations === wanted.durations
		? undefined
		: `shard ${there.shard ?? '1/1'} as it was cut by other durations`;
};

/** @throws UsageError where there is none, or none of this version */
export const readMatrixFolder = async (directory: string): Promise<MatrixFolder> => {
	const file = fileIn(directory);
	try {
		return folderSchema.parse(JSON.parse(await readFile(file, 'utf8')));
	} catch (error) {
		throw new UsageError(`Cannot read the matrix in ${file}: ${whyInvalid(error)}`, {
			cause: error,
			hint: 'Directories of a matrix are what "bootwright matrix --artifacts DIR" made.',
		});
	}
};
