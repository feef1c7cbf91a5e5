import {copyFile, readFile, readdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {type Libraries, librariesOf} from './architecture.ts';
import {busyboxEntries} from './busybox.ts';
import {newcArchive, withParents, type CpioEntry} from './cpio.ts';
import {moduleEntries, moduleSet} from './modules.ts';
import {programEntries} from './programs.ts';
import {loadTree, recipesDirectory, type ArchiveRecipe, type RamdiskRecipe} from './recipe.ts';
import type {ToolOptions} from './tool.ts';

export const mainArchive = 'initrd.img';

/** Writes `vmlinuz`, `initrd.img` and the recipe's further archives into `directory`, out of an unpacked package tree. */
export const buildRamdisk = async (
	recipe: RamdiskRecipe,
	{tree, directory, options}: {readonly tree: string; readonly directory: string; readonly options: ToolOptions},
): Promise<void> => {
	const {kernel} = moduleSet(tree);
	await copyFile(path.join(tree, 'boot', `vmlinuz-${kernel}`), path.join(directory, 'vmlinuz'));
	const libraries = librariesOf(loadTree(recipe.tree).architecture);
	for (const [name, archive] of Object.entries(recipe.archives)) {
		const entries = await archiveEntries(tree, archive, {...libraries, ...options});
		const taken = archive.programs.map((program) => path.basename(program));
		const base = name === mainArchive ? await busyboxEntries(tree, taken, options) : [];
		// Not compressed: unpacking costs the emulated CPU more than reading costs the host.
		await writeFile(path.join(directory, name), newcArchive(withParents([...base, ...entries])));
	}
};

const archiveEntries = async (
	tree: string,
	archive: ArchiveRecipe,
	options: Libraries & ToolOptions,
): Promise<readonly CpioEntry[]> => [
	...moduleEntries(moduleSet(tree), archive),
	...(await programEntries(tree, archive.programs, options)),
	...(await Promise.all(Object.entries(archive.files).map(async ([target, source]) => recipeFile(target, source)))),
	...(archive.kernelConfig ? await kernelConfig(tree) : []),
];

/** A file of images/; one that begins with `#!` is executable. */
const recipeFile = async (target: string, source: string): Promise<CpioEntry> => {
	const content = await readFile(path.join(recipesDirectory, source));
	return {type: 'file', path: target, content, mode: content.subarray(0, 2).toString() === '#!' ? 0o755 : 0o644};
};

const kernelConfig = async (tree: string): Promise<readonly CpioEntry[]> => {
	const names = await readdir(path.join(tree, 'boot'));
	return Promise.all(
		names
			.filter((name) => name.startsWith('config-'))
			.map(async (name) => ({
				type: 'file',
				path: `boot/${name}`,
				content: await readFile(path.join(tree, 'boot', name)),
			})),
	);
};
