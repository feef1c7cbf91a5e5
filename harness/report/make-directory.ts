import {mkdirSync, statSync} from 'node:fs';
import path from 'node:path';

/**
 * Makes a directory and those above it that are not there yet. Node's own `{recursive: true}` never comes back where a directory is there
 * and making one in it ends with ENOENT, as in /proc: it makes the one above again, for ever (Node 24, src/node_file.cc, MKDirpSync).
 * @param options.mode of those that are made, default 0o777 without the umask
 * @throws what mkdir(2) failed with
 */
export const makeDirectory = (directory: string, {mode}: {readonly mode?: number} = {}): void => {
	const lacking: string[] = [];
	for (let place = path.resolve(directory); !isThere(place); place = path.dirname(place)) {
		lacking.push(place);
	}

	for (const place of lacking.toReversed()) {
		try {
			mkdirSync(place, {mode});
		} catch (error) {
			// Another run was faster.
			if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
				throw error;
			}
		}
	}
};

/** @throws where what is there is no directory */
const isThere = (place: string): boolean => {
	const found = statSync(place, {throwIfNoEntry: false});
	if (found !== undefined && !found.isDirectory()) {
		throw Object.assign(new Error(`ENOTDIR: not a directory, mkdir '${place}'`), {code: 'ENOTDIR'});
	}

	return found !== undefined;
};
