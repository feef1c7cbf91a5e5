import {createHash} from 'node:crypto';
import {readdirSync, realpathSync, statSync} from 'node:fs';
import path from 'node:path';

/**
 * Changes with every file below these places that is written to, added or taken away. At once, not file by file in the background:
 * some milliseconds for six hundred files, a fifth of what waiting for each would take.
 * @param parts files or folders, relative to `root`
 */
export const filesDigest = (root: string, parts: readonly string[]): string => {
	const hash = createHash('sha256');
	for (const file of parts.flatMap((part) => filesOf(path.join(root, part)))) {
		hash.update(`${stampOf(file)}\n`);
	}

	return hash.digest('hex');
};

/** A file by its name, size and time; its real name, so that a link to another one is a change. Empty where there is none. */
export const stampOf = (file: string): string => {
	try {
		const real = realpathSync(file);
		const {size, mtimeMs} = statSync(real);
		return [real, size, mtimeMs].join(' ');
	} catch {
		return '';
	}
};

const filesOf = (part: string): readonly string[] => {
	if (statSync(part, {throwIfNoEntry: false})?.isDirectory() !== true) {
		return [part];
	}

	return readdirSync(part, {recursive: true, withFileTypes: true})
		.filter((entry) => entry.isFile() || entry.isSymbolicLink())
		.map((entry) => path.join(entry.parentPath, entry.name))
		.toSorted();
};
