import {createHash} from 'node:crypto';
import {firstSector, sectorBytes} from './partition-table.ts';
import type {DiskPlan} from './recipe.ts';

/** One partition of a disk that is to be made; `start` and `sectors` count sectors of 512 bytes. */
export type PlannedPartition = {
	readonly role: 'bios-boot' | 'esp' | 'root';
	readonly start: number;
	readonly sectors: number;
	/** Of the partition, not of its file system; the same for the same recipe. */
	readonly uuid: string;
};

/** Room for FAT32, which has 65 525 clusters at least (Microsoft FAT specification 1.03). */
const espSectors = (64 * 1024 * 1024) / sectorBytes;

/** Both copies of a table of 128 entries take 33 sectors, the first one behind the protective MBR (UEFI specification 2.10, 5.3.1). */
const gptSectors = 33;

/** Where each partition of a disk lies. The boot loader of an MBR disk lies in no partition. */
export const planPartitions = ({layout, sizeMiB, uuid}: DiskPlan): readonly PlannedPartition[] => {
	const diskSectors = (sizeMiB * 1024 * 1024) / sectorBytes;
	const named = (role: PlannedPartition['role'], start: number, sectors: number): PlannedPartition => ({
		role,
		start,
		sectors,
		uuid: uuidFor(`${uuid} ${role}`),
	});
	if (layout === 'mbr') {
		return [named('root', firstSector, diskSectors - firstSector)];
	}

	const rootAt = firstSector + espSectors;
	// Whole MiB: the tail that the table's copy lies in stays empty.
	const rootSectors = diskSectors - rootAt - firstSector;
	return [
		...(layout === 'gpt-both' ? [named('bios-boot', gptSectors + 1, firstSector - gptSectors - 1)] : []),
		named('esp', firstSector, espSectors),
		named('root', rootAt, rootSectors),
	];
};

/** A UUID of version 8, "custom" (RFC 9562, 5.8), made of a name. */
export const uuidFor = (name: string): string => {
	const hex = createHash('sha256').update(name).digest('hex');
	return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
		'-',
	);
};
