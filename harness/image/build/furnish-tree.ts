import {readFile, readdir} from 'node:fs/promises';
import path from 'node:path';
import {HostError} from '../../core/errors.ts';
import {grubConfig, menuPath} from './grub.ts';
import {putFile} from './put-file.ts';
import {loadTree, recipesDirectory, type DiskRecipe} from './recipe.ts';
import {setRootPassword} from './root-password.ts';
import type {ToolOptions} from './tool.ts';

/** Lays over an unpacked package tree what makes it the system of a recipe. */
export const furnishTree = async (recipe: DiskRecipe, tree: string, options: ToolOptions): Promise<void> => {
	const all = Object.entries({...loadTree(recipe.tree).files, ...recipe.files});
	for (const [name, source] of all) {
		await putFile(tree, name, await readFile(path.join(recipesDirectory, source), 'utf8'));
	}

	const version = await kernelVersion(tree);
	const {uuid, filesystem, layout} = recipe.disk;
	const config = grubConfig({
		layout,
		kernel: `/boot/vmlinuz-${version}`,
		initrd: `/boot/initrd.img-${version}`,
		append: `root=UUID=${uuid} ro ${recipe.append}`,
	});
	await putFile(tree, menuPath, config);
	await putFile(tree, 'etc/fstab', `UUID=${uuid} / ${filesystem} ${mountFields[filesystem]}\n`);
	if (recipe.access.access === 'credentials') {
		await setRootPassword(tree, recipe.access.password, options);
	}
};

/** Options, dump and check of the root's line in fstab; xfs and btrfs are checked by their drivers. */
const mountFields = {ext4: 'errors=remount-ro 0 1', xfs: 'defaults 0 0', btrfs: 'defaults 0 0'} as const;

const kernelVersion = async (tree: string): Promise<string> => {
	const names = await readdir(path.join(tree, 'boot'));
	const [kernel, ...others] = names.filter((name) => name.startsWith('vmlinuz-'));
	if (kernel === undefined || others.length > 0) {
		throw new HostError(
			`The package tree has ${others.length + Number(kernel !== undefined)} kernels, one was expected`,
		);
	}

	return kernel.slice('vmlinuz-'.length);
};
