import {open} from 'node:fs/promises';
import {Readable} from 'node:stream';
import {type Compressor} from './compressor.ts';
import {gnuTarOf} from './gnu-tar.ts';
import {type Programs, startPrograms} from './programs.ts';

/** What the import demands of the size of a disk: a whole number of these. */
export const gibibyte = 1024 ** 3;
export const sizeRule = 'a whole number of GiB';
export const isWholeGiB = (bytes: number): boolean => bytes > 0 && bytes % gibibyte === 0;

export type PackOptions = {
	readonly bytes: number;
	readonly gzip: Compressor;
	/** Of gzip. */
	readonly level: number;
	/** Has the archive uncompressed again: what comes out has been through all of it. */
	readonly unpack?: boolean;
	readonly signal?: AbortSignal | undefined;
};

/**
 * Packs a disk as the cloud's import expects it: `disk.raw` alone in a gzip-compressed tar in the old GNU format, zeros left out
 * (cloud.google.com/compute/docs/import/import-existing-image: `tar --format=oldgnu -Sczf`). The same bytes give the same archive, whatever the
 * file is called, whoever owns it, and wherever its file system has holes.
 * @returns what writes the archive; disposing of it closes the file
 */
export const startPacking = async (
	path: string,
	{bytes, gzip, level, unpack = false, signal}: PackOptions,
): Promise<Programs & AsyncDisposable> => {
	const file = await open(path);
	const pack = [gzip, '-n', '-c', `-${level}`] as const;
	const programs = startPrograms(unpack ? [pack, [gzip, '-d', '-c']] : [pack], {
		stdin: Readable.from(gnuTarOf(file, bytes, signal), {objectMode: false, highWaterMark: 1024 * 1024}),
		signal,
	});
	return {
		...programs,
		async [Symbol.asyncDispose]() {
			await programs.done.catch(() => undefined);
			await file.close();
		},
	};
};
