import {open} from 'node:fs/promises';
import path from 'node:path';
import {makeExt4} from './ext4.ts';
import {installGrub} from './grub.ts';
import {firstSector, sectorBytes} from './partition-table.ts';
import type {DiskPlan} from './recipe.ts';
import type {ToolOptions} from './tool.ts';
import type {TreeTools} from './tree-tools.ts';

export const diskName = 'disk.raw';

/** What the one file system of a disk is made of. */
export type DiskSource = {
	/** Directory with everything, /boot/grub/grub.cfg included. */
	readonly source: string;
	/** Lines `UID GID PATH` of what does not belong to root. */
	readonly owners: string;
};

export type BootableDisk = DiskPlan &
	DiskSource & {
		/** Gets `disk.raw`. */
		readonly directory: string;
		readonly tools: TreeTools;
		readonly options: ToolOptions;
	};

/** Writes a disk that a BIOS boots: partition table, boot loader, and one ext4 file system. */
export const writeDisk = async ({directory, sizeMiB, diskId, ...rest}: BootableDisk): Promise<void> => {
	const disk = path.join(directory, diskName);
	const diskBytes = sizeMiB * 1024 * 1024;
	const file = await open(disk, 'wx');
	await file.truncate(diskBytes);
	await file.close();
	const offset = firstSector * sectorBytes;
	await makeExt4({...rest, disk, offset, bytes: diskBytes - offset});
	await installGrub({...rest, disk, diskBytes, diskId, work: directory});
};
