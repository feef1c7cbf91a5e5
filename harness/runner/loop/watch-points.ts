import {readdir, readlink, stat} from 'node:fs/promises';
import path from 'node:path';

/** Absolute paths; of a folder, all files in it, however deep. What is not there may come. */
export type Watched = {readonly files: readonly string[]; readonly folders: readonly string[]};

/** Folders whose events may tell of a change, each with the names in it that count. */
export type WatchPoints = ReadonlyMap<string, ReadonlySet<string> | 'all'>;

/**
 * Folders, not files: whoever replaces a file gives its name to another inode (inotify(7)). On the way to a file every link is watched, and
 * of what is not there yet the first part that is missing.
 */
export const watchPoints = async ({files, folders}: Watched): Promise<WatchPoints> => {
	const points = new Map<string, ReadonlySet<string> | 'all'>();
	const ways = await Promise.all([...files, ...folders].map(onTheWay));
	for (const {folder, name} of ways.flat()) {
		points.set(folder, new Set(points.get(folder)).add(name));
	}

	const inside = await Promise.all(folders.map(foldersBelow));
	for (const folder of inside.flat()) {
		points.set(folder, 'all');
	}

	return points;
};

type Point = {readonly folder: string; readonly name: string};

/** What the kernel follows (path_resolution(7)). */
const mostLinks = 40;

const onTheWay = async (file: string): Promise<readonly Point[]> => {
	const points: Point[] = [];
	let folder = '/';
	let [name = '', ...rest] = partsOf(path.resolve(file));
	while (points.length <= mostLinks) {
		const here = path.join(folder, name);
		const target = await readlink(here).catch(() => undefined);
		if (target !== undefined) {
			points.push({folder, name});
			[name = '', ...rest] = [...partsOf(path.resolve(folder, target)), ...rest];
			folder = '/';
		} else if (rest.length === 0 || !(await isThere(here))) {
			return [...points, {folder, name}];
		} else {
			folder = here;
			[name = '', ...rest] = rest;
		}
	}

	return points;
};

const partsOf = (absolute: string): readonly string[] => absolute.split('/').filter((part) => part !== '');

const isThere = async (file: string): Promise<boolean> => {
	try {
		await stat(file);
		return true;
	} catch {
		return false;
	}
};

/** Itself too; none where it is not there. */
const foldersBelow = async (folder: string): Promise<readonly string[]> => {
	const entries = await readdir(folder, {recursive: true, withFileTypes: true}).catch(() => undefined);
	return entries === undefined
		? []
		: [
				folder,
				...entries.filter((entry) => entry.isDirectory()).map((entry) => path.join(entry.parentPath, entry.name)),
			];
};
