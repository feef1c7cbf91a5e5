import {sniffFilesystem} from './inspect-filesystem.ts';
import {type RawPartition, type RawTable, type ReadAt, sectorBytes} from './inspect-disk.ts';

const extendedTypes: ReadonlySet<number> = new Set([0x05, 0x0f, 0x85]);
/** The kernel follows no more links than it has minors to give (block/partitions/msdos.c, `parse_extended`: 100). */
const maxLogical = 100;

type Entry = {readonly type: number; readonly active: number; readonly lba: number; readonly sectors: number};

/** Reads a DOS partition table with its logical partitions; undefined where sector 0 holds none. */
export const readMbr = async (
	read: ReadAt,
	diskBytes: number,
): Promise<(RawTable & {readonly table: 'mbr'}) | undefined> => {
	const entries = entriesOf(await read(0, sectorBytes));
	// As the kernel decides (block/partitions/msdos.c): an active byte other than 00 and 80 is no table but a boot sector with code there.
	const isTable = entries.some(({type}) => type !== 0) && entries.every(({active}) => (active & 0x7f) === 0);
	if (!isTable || (await isFatVolume(read))) {
		return undefined;
	}

	const problems: string[] = [];
	const partitions: RawPartition[] = [];
	for (const [index, entry] of entries.entries()) {
		if (extendedTypes.has(entry.type)) {
			partitions.push(...(await readLogical(read, entry.lba)));
		} else if (entry.type !== 0 && entry.sectors > 0) {
			partitions.push(partitionOf(entry, index + 1));
		}
	}

	for (const {number, start, bytes} of partitions) {
		if (start + bytes > diskBytes) {
			problems.push(`partition ${number} ends ${start + bytes - diskBytes} bytes behind the end of the disk`);
		}
	}

	return {table: 'mbr', partitions: partitions.toSorted((a, b) => a.number - b.number), problems};
};

/** A FAT volume on the whole disk has a boot sector with 55 aa too, and code where the table would be. */
const isFatVolume = async (read: ReadAt): Promise<boolean> => {
	const filesystem = await sniffFilesystem(read);
	return filesystem === 'vfat' || filesystem === 'ntfs';
};

/** Each extended boot record holds one partition (relative to itself) and the next record (relative to the extended partition). */
const readLogical = async (read: ReadAt, base: number): Promise<RawPartition[]> => {
	const found: RawPartition[] = [];
	let record: number | undefined = base;
	for (let links = 0; record !== undefined && links < maxLogical; links++) {
		const here: number = record;
		const entries = entriesOf(await read(here * sectorBytes, sectorBytes));
		const data = entries.find(({type, sectors}) => type !== 0 && sectors > 0 && !extendedTypes.has(type));
		if (data !== undefined) {
			found.push(partitionOf({...data, lba: here + data.lba}, 5 + found.length));
		}

		const next = entries.find(({type}) => extendedTypes.has(type));
		record = next === undefined ? undefined : base + next.lba;
	}

	return found;
};

const entriesOf = (sector: Buffer): readonly Entry[] => {
	if (sector.length < sectorBytes || sector.readUInt16LE(510) !== 0xaa_55) {
		return [];
	}

	return [446, 462, 478, 494].map((at) => ({
		active: sector.readUInt8(at),
		type: sector.readUInt8(at + 4),
		lba: sector.readUInt32LE(at + 8),
		sectors: sector.readUInt32LE(at + 12),
	}));
};

const partitionOf = ({type, lba, sectors}: Entry, number: number): RawPartition => ({
	number,
	start: lba * sectorBytes,
	bytes: sectors * sectorBytes,
	type: type.toString(16).padStart(2, '0'),
	name: undefined,
});
