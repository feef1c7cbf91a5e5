import {cp} from 'node:fs/promises';
import {HostError, messageOf} from '../core/errors.ts';
import {isDiskFull} from '../image/overlay-space.ts';
import {isSameFile} from '../image/same-file.ts';
import {makeDirectory} from '../report/make-directory.ts';
import {type MatrixFolder, openMatrixFolder} from './matrix-folder.ts';
import {cellDirectory} from './records.ts';

/**
 * Copies cells of shards into one directory, which holds the whole matrix then.
 * @param found directories of shards, by the ids of cells
 * @throws HostError where they cannot be written; UsageError where that directory holds another matrix
 */
export const gather = async (
	found: ReadonlyMap<string, string>,
	{to, folder}: {readonly to: string; readonly folder: MatrixFolder},
): Promise<void> => {
	await openMatrixFolder(to, folder);
	for (const [id, directory] of found) {
		const [source, target] = [cellDirectory(directory, id), cellDirectory(to, id)];
		if (!(await isSameFile(source, target))) {
			try {
				makeDirectory(target);
				await cp(source, target, {recursive: true, force: true, verbatimSymlinks: true});
			} catch (error) {
				throw new HostError(`Cannot write ${target}: ${messageOf(error)}`, {
					cause: error,
					hint: isDiskFull(messageOf(error))
						? 'Free some space there, or give another place with --artifacts DIR.'
						: undefined,
				});
			}
		}
	}
};
