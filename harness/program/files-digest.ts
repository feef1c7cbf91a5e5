import {createHash} from 'node:crypto';
import {readFileSync, readdirSync, realpathSync, statSync} from 'node:fs';
import path from 'node:path';

/**
 * Changes with every file below these places that is written to, added or taken away. At once, not file by file in the background:
 * some milliseconds for six hundred files, a fifth of what waiting for each would take.
 * @param parts files or folders, relative to `root`
 */
export const filesDigest = (root: string, parts: readonly string[]): string => {
	const hash = createHash('sha256');
	const files = parts.flatMap((part) => filesOf(path.join(root, part)));
	for (const {file, isLink} of files) {
		// A link costs a walk through all of its path.
		hash.update(`${isLink ? stampOf(file) : stampAs(file, file)}\n`);
	}

	return hash.digest('hex');
};

/**
 * Of names and contents alone: the same wherever the same files lie. Without what no checkout has: hidden files, which editors leave, and
 * disks (.gitignore).
 * @param parts files or folders, relative to `root`
 */
export const contentDigest = (root: string, parts: readonly string[]): string => {
	const hash = createHash('sha256');
	const names = parts
		.flatMap((part) => filesOf(path.join(root, part)))
		.map(({file}) => path.relative(root, file))
		.filter((name) => !/(?:^|\/)\.|\.(?:raw|qcow2)$/v.test(name));
	for (const name of names) {
		const content = readFileSync(path.join(root, name));
		hash.update(`${name}\0${content.length}\0`).update(content);
	}

	return hash.digest('hex');
};

/** A file by its name, size and time; its real name, so that a link to another one is a change. Empty where there is none. */
export const stampOf = (file: string): string => {
	try {
		return stampAs(file, realpathSync(file));
	} catch {
		return '';
	}
};

const stampAs = (file: string, name: string): string => {
	const found = statSync(file, {throwIfNoEntry: false});
	return found === undefined ? '' : [name, found.size, found.mtimeMs].join(' ');
};

type Found = {readonly file: string; readonly isLink: boolean};

const filesOf = (part: string): readonly Found[] => {
	if (statSync(part, {throwIfNoEntry: false})?.isDirectory() !== true) {
		return [{file: part, isLink: true}];
	}

	return readdirSync(part, {recursive: true, withFileTypes: true})
		.filter((entry) => !entry.isDirectory())
		.map((entry) => ({file: path.join(entry.parentPath, entry.name), isLink: entry.isSymbolicLink()}))
		.toSorted((a, b) => Number(a.file > b.file) - Number(a.file < b.file));
};
