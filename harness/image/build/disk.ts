import {open} from 'node:fs/promises';
import path from 'node:path';
import {makeBtrfs} from './btrfs.ts';
import {makeEsp} from './esp.ts';
import {makeExt4} from './ext4.ts';
import {writeGpt} from './gpt.ts';
import {installGrub} from './grub.ts';
import {planPartitions} from './partition-plan.ts';
import {firstSector, masterBootRecord, sectorBytes} from './partition-table.ts';
import type {DiskPlan} from './recipe.ts';
import type {ToolOptions} from './tool.ts';
import type {TreeTools} from './tree-tools.ts';
import {makeXfs} from './xfs.ts';

export const diskName = 'disk.raw';

/** What the root file system of a disk is made of. */
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

/** Writes a disk that boots by itself: partition table, boot loaders, and the root file system. */
export const writeDisk = async (plan: BootableDisk): Promise<void> => {
	const disk = path.join(plan.directory, diskName);
	const diskBytes = plan.sizeMiB * 1024 * 1024;
	const partitions = planPartitions(plan);
	const file = await open(disk, 'wx');
	await file.truncate(diskBytes);
	if (plan.layout === 'mbr') {
		await file.write(masterBootRecord({diskId: plan.diskId, diskBytes}));
	}

	await file.close();
	if (plan.layout !== 'mbr') {
		await writeGpt({...plan, disk, partitions});
	}

	const loader = {...plan, disk, work: plan.directory};
	for (const partition of partitions) {
		switch (partition.role) {
			case 'bios-boot': {
				await installGrub({...loader, room: partition});
				break;
			}

			case 'esp': {
				await makeEsp({...loader, partition});
				break;
			}

			case 'root': {
				const place = {offset: partition.start * sectorBytes, bytes: partition.sectors * sectorBytes};
				await makeFileSystem[plan.filesystem]({...plan, ...place, disk, work: plan.directory});
				break;
			}
		}
	}

	if (plan.layout === 'mbr') {
		await installGrub({...loader, room: {start: 1, sectors: firstSector - 1}});
	}
};

const makeFileSystem = {ext4: makeExt4, xfs: makeXfs, btrfs: makeBtrfs} as const;
