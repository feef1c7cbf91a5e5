import {cp} from 'node:fs/promises';
import {isSameFile} from '../image/same-file.ts';
import {makeDirectory} from '../report/make-directory.ts';
import {type MatrixFolder, openMatrixFolder} from './matrix-folder.ts';
import {cellDirectory} from './records.ts';

/** Copies cells of shards into one directory, which holds the whole matrix then. @param found directories of shards, by the ids of cells */
export const gather = async (
	found: ReadonlyMap<string, string>,
	{to, folder}: {readonly to: string; readonly folder: MatrixFolder},
): Promise<void> => {
	await openMatrixFolder(to, folder);
	for (const [id, directory] of found) {
		const [source, target] = [cellDirectory(directory, id), cellDirectory(to, id)];
		if (!(await isSameFile(source, target))) {
			makeDirectory(target);
			await cp(source, target, {recursive: true, force: true, verbatimSymlinks: true});
		}
	}
};
