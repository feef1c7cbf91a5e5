import {readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import type {CpioEntry} from './cpio.ts';
import {runTool, type ToolOptions} from './tool.ts';
import {libraryFolders as folders, loader} from './tree-tools.ts';

/**
 * Archive entries for dynamically linked programs of a package tree, with their loader and libraries.
 * The tree's own loader says what they need, so the host's libraries never come into it.
 */
export const programEntries = async (
	tree: string,
	paths: readonly string[],
	options: ToolOptions = {},
): Promise<readonly CpioEntry[]> => {
	if (paths.length === 0) {
		return [];
	}

	const search = folders.map((folder) => join(tree, folder)).join(':');
	const lists = await Promise.all(
		paths.map(async (path) =>
			runTool(join(tree, loader), ['--library-path', search, '--list', join(tree, path)], options),
		),
	);
	const libraries = new Set(lists.flatMap((list) => libraryNames(list)));
	return [loader, ...paths].map(executable(tree)).concat(
		[...libraries].toSorted().map((name) => {
			const folder = folders.find((candidate) => isFile(join(tree, candidate, name)));
			return {
				type: 'file',
				path: `lib/x86_64-linux-gnu/${name}`,
				content: readFileSync(join(tree, folder ?? '', name)),
			};
		}),
	);
};

/** Names of the libraries in what `ld.so --list` prints: `\tlibm.so.6 => /…/libm.so.6 (0x…)`. */
export const libraryNames = (list: string): readonly string[] =>
	[...list.matchAll(/^\t(\S+) => /gm)].flatMap(([, name]) => (name === undefined || name.includes('/') ? [] : [name]));

const executable =
	(tree: string) =>
	(path: string): CpioEntry => ({type: 'file', path, mode: 0o755, content: readFileSync(join(tree, path))});

const isFile = (path: string): boolean => statSync(path, {throwIfNoEntry: false})?.isFile() ?? false;
