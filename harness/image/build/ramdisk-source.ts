import {readFile} from 'node:fs/promises';
import path from 'node:path';
import type {DiskSource} from './disk.ts';
import {grubConfig, menuPath} from './grub.ts';
import {putFile} from './put-file.ts';
import {mainArchive} from './ramdisk.ts';
import type {RamdiskRecipe} from './recipe.ts';

/** A file system that holds nothing but a finished kernel and ramdisk, and the boot loader's menu. */
export const ramdiskSource = async (recipe: RamdiskRecipe, directory: string): Promise<DiskSource> => {
	const source = path.join(directory, 'boot-disk');
	for (const name of ['vmlinuz', mainArchive]) {
		await putFile(source, `boot/${name}`, await readFile(path.join(directory, name)));
	}

	await putFile(
		source,
		menuPath,
		grubConfig({
			kernel: '/boot/vmlinuz',
			initrd: `/boot/${mainArchive}`,
			append: recipe.append,
			layout: recipe.disk?.layout,
		}),
	);
	return {source, owners: ''};
};
