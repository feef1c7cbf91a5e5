import {readFileSync, statSync} from 'node:fs';
import path from 'node:path';
import {type Libraries} from './architecture.ts';
import type {CpioEntry} from './cpio.ts';
import {inByteOrder} from './in-byte-order.ts';
import {runTool, type ToolOptions} from './tool.ts';

/**
 * Archive entries for dynamically linked programs of a package tree, with their loader and libraries.
 * The tree's own loader says what they need, so the host's libraries never come into it.
 */
export const programEntries = async (
	tree: string,
	programs: readonly string[],
	{loader, folders, ...options}: Libraries & ToolOptions,
): Promise<readonly CpioEntry[]> => {
	if (programs.length === 0) {
		return [];
	}

	const search = folders.map((folder) => path.join(tree, folder)).join(':');
	const lists = await Promise.all(
		programs.map(async (program) =>
			runTool(path.join(tree, loader), ['--library-path', search, '--list', path.join(tree, program)], options),
		),
	);
	const libraries = new Set(lists.flatMap((list) => libraryNames(list)));
	return [
		...[loader, ...programs].map(executable(tree)),
		...[...libraries].toSorted(inByteOrder).map((name): CpioEntry => {
			const folder = folders.find((candidate) => isFile(path.join(tree, candidate, name)));
			return {
				type: 'file',
				path: path.join(folders[0], name),
				content: readFileSync(path.join(tree, folder ?? '', name)),
			};
		}),
	];
};

/** Names of the libraries in what `ld.so --list` prints: `\tlibm.so.6 => /…/libm.so.6 (0x…)`. */
export const libraryNames = (list: string): readonly string[] =>
	list
		.matchAll(/^\t(\S+) => /gm)
		.flatMap(([, name]) => (name === undefined || name.includes('/') ? [] : [name]))
		.toArray();

const executable =
	(tree: string) =>
	(program: string): CpioEntry => ({
		type: 'file',
		path: program,
		mode: 0o755,
		content: readFileSync(path.join(tree, program)),
	});

const isFile = (file: string): boolean => statSync(file, {throwIfNoEntry: false})?.isFile() ?? false;
