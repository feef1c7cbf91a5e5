import {access, constants} from 'node:fs/promises';
import path from 'node:path';

/**
 * The file that a program's name means, as the kernel and a shell find it.
 * @param searchPath folders with colons between them, as in $PATH
 * @returns undefined where none of them has one that can be run
 */
export const findProgram = async (name: string, searchPath: string): Promise<string | undefined> => {
	for (const folder of searchPath.split(':')) {
		const file = path.join(folder, name);
		try {
			await access(file, constants.X_OK);
			return file;
		} catch {
			// The next one may have it.
		}
	}

	return undefined;
};
