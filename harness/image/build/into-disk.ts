import {rm} from 'node:fs/promises';
import {runTool, type ToolOptions} from './tool.ts';

/** Moves a file system that was made as a file of its own to its place in a disk, holes as holes. */
export const intoDisk = async (
	made: string,
	{disk, offset, options}: {readonly disk: string; readonly offset: number; readonly options: ToolOptions},
): Promise<void> => {
	const where = ['bs=64K', `seek=${offset}`, 'oflag=seek_bytes', 'conv=sparse,notrunc', 'status=none'];
	await runTool('dd', [`if=${made}`, `of=${disk}`, ...where], options);
	await rm(made);
};
