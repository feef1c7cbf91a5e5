import {copyFile, mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import type {DiskSource} from './disk.ts';
import {grubConfig} from './grub.ts';
import {mainArchive} from './ramdisk.ts';
import type {RamdiskRecipe} from './recipe.ts';

/** A file system that holds nothing but a finished kernel and ramdisk, and the boot loader's menu. */
export const ramdiskSource = async (recipe: RamdiskRecipe, directory: string): Promise<DiskSource> => {
	const source = path.join(directory, 'boot-disk');
	await mkdir(path.join(source, 'boot/grub'), {recursive: true});
	for (const name of ['vmlinuz', mainArchive]) {
		await copyFile(path.join(directory, name), path.join(source, 'boot', name));
	}

	const config = grubConfig({kernel: '/boot/vmlinuz', initrd: `/boot/${mainArchive}`, append: recipe.append});
	await writeFile(path.join(source, 'boot/grub/grub.cfg'), config);
	return {source, owners: ''};
};
