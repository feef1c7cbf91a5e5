import {stat, truncate} from 'node:fs/promises';
import {execa} from 'execa';

/** Copies a disk, with zeros after its end: a clone where the file system has such, with holes elsewhere. The disk itself is never written. */
export const longerCopy = async (
	file: string,
	{to, extraBytes, signal}: {readonly to: string; readonly extraBytes: number; readonly signal: AbortSignal},
): Promise<{readonly path: string; readonly bytes: number}> => {
	await execa('cp', ['--reflink=auto', '--sparse=always', '--', file, to], {cancelSignal: signal});
	const bytes = (await stat(to)).size + extraBytes;
	await truncate(to, bytes);
	return {path: to, bytes};
};
