import {chmod, mkdir, readFile, readdir, rm, symlink, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {HostError} from '../../core/errors.ts';
import {grubConfig} from './grub.ts';
import {loadTree, recipesDirectory, type DiskRecipe} from './recipe.ts';
import {setRootPassword} from './root-password.ts';
import type {ToolOptions} from './tool.ts';

/** Lays over an unpacked package tree what makes it the system of a recipe. */
export const furnishTree = async (recipe: DiskRecipe, tree: string, options: ToolOptions): Promise<void> => {
	const {files, links} = loadTree(recipe.tree);
	const all = Object.entries({...files, ...recipe.files});
	for (const [name, source] of all) {
		await putFile(path.join(tree, name), await readFile(path.join(recipesDirectory, source), 'utf8'));
	}

	for (const [name, target] of Object.entries(links)) {
		await rm(path.join(tree, name), {force: true});
		await symlink(target, path.join(tree, name));
	}

	const version = await kernelVersion(tree);
	const config = grubConfig({
		kernel: `/boot/vmlinuz-${version}`,
		initrd: `/boot/initrd.img-${version}`,
		append: `root=UUID=${recipe.disk.uuid} ro ${recipe.append}`,
	});
	await putFile(path.join(tree, 'boot/grub/grub.cfg'), config);
	await putFile(path.join(tree, 'etc/fstab'), `UUID=${recipe.disk.uuid} / ext4 errors=remount-ro 0 1\n`);
	if (recipe.access.access === 'credentials') {
		await setRootPassword(tree, recipe.access.password, options);
	}
};

const putFile = async (place: string, content: string): Promise<void> => {
	await mkdir(path.dirname(place), {recursive: true});
	// What is replaced may be a link to somewhere else.
	await rm(place, {force: true});
	await writeFile(place, content);
	await chmod(place, content.startsWith('#!') ? 0o755 : 0o644);
};

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
