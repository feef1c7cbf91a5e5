import {crc32} from 'node:zlib';
import {type RawPartition, type RawTable, type ReadAt, sectorBytes} from './inspect-disk.ts';
import {startsAt} from './inspect-filesystem.ts';

type Header = {
	readonly entriesAt: number;
	readonly count: number;
	readonly entryBytes: number;
	readonly sound: boolean;
};

const signature = 'EFI PART';
/** The specification asks for 128 entries of 128 bytes at least; far beyond that a header is garbage. */
const maxTableBytes = 1024 * 1024;

/**
 * Reads a GUID partition table (UEFI specification 2.10, chapter 5.3), the copy at the end of the disk where the first is damaged.
 * @returns undefined where there is neither, or no protective MBR
 */
export const readGpt = async (
	read: ReadAt,
	diskBytes: number,
): Promise<(RawTable & {readonly table: 'gpt'}) | undefined> => {
	if (!isProtective(await read(0, sectorBytes))) {
		return undefined;
	}

	const problems: string[] = [];
	const first = headerOf(await read(sectorBytes, sectorBytes));
	if (first === undefined && startsAt(await read(4096, 8), 0, signature)) {
		problems.push('the partition table is for 4096-byte sectors; the machine has 512-byte sectors');
	}

	const backup = first?.sound === true ? undefined : headerOf(await read(diskBytes - sectorBytes, sectorBytes));
	const header = backup?.sound === true ? backup : first;
	if (header === undefined) {
		return problems.length === 0 ? undefined : {table: 'gpt', partitions: [], problems};
	}

	if (first?.sound !== true) {
		problems.push(
			header === first
				? 'the checksum of the GPT header is wrong'
				: 'the first GPT header is damaged; its copy at the end of the disk was read instead',
		);
	}

	const table = await read(header.entriesAt, header.count * header.entryBytes);
	return {table: 'gpt', partitions: partitionsOf(table, header), problems};
};

/** Without a partition of type EE the kernel does not look for a GPT (block/partitions/efi.c, `is_pmbr_valid`): it may be a stale one. */
const isProtective = (sector: Buffer): boolean =>
	sector.length >= sectorBytes &&
	sector.readUInt16LE(510) === 0xaa_55 &&
	[450, 466, 482, 498].some((at) => sector.readUInt8(at) === 0xee);

const headerOf = (sector: Buffer): Header | undefined => {
	if (sector.length < sectorBytes || !startsAt(sector, 0, signature)) {
		return undefined;
	}

	const headerBytes = sector.readUInt32LE(12);
	const entriesAt = Number(sector.readBigUInt64LE(72)) * sectorBytes;
	const count = sector.readUInt32LE(80);
	const entryBytes = sector.readUInt32LE(84);
	const plausible =
		headerBytes >= 92 && headerBytes <= sectorBytes && entryBytes >= 128 && count * entryBytes <= maxTableBytes;
	if (!plausible) {
		return undefined;
	}

	const bare = Buffer.from(sector.subarray(0, headerBytes));
	bare.writeUInt32LE(0, 16);
	return {entriesAt, count, entryBytes, sound: crc32(bare) === sector.readUInt32LE(16)};
};

const partitionsOf = (table: Buffer, {count, entryBytes}: Header): readonly RawPartition[] =>
	Array.from({length: count}, (_, index) => ({
		index,
		entry: table.subarray(index * entryBytes, (index + 1) * entryBytes),
	}))
		.filter(({entry}) => entry.length === entryBytes && entry.subarray(0, 16).some((byte) => byte !== 0))
		.map(({index, entry}) => {
			const first = Number(entry.readBigUInt64LE(32));
			const last = Number(entry.readBigUInt64LE(40));
			const [name = ''] = entry.subarray(56, 128).toString('utf16le').split('\0');
			return {
				number: index + 1,
				start: first * sectorBytes,
				bytes: (last - first + 1) * sectorBytes,
				type: guidOf(entry),
				name: name === '' ? undefined : name,
			};
		});

/** The first three fields of a GUID are stored little-endian (UEFI specification, appendix A). */
const guidOf = (bytes: Buffer): string =>
	[
		bytes.readUInt32LE(0).toString(16).padStart(8, '0'),
		bytes.readUInt16LE(4).toString(16).padStart(4, '0'),
		bytes.readUInt16LE(6).toString(16).padStart(4, '0'),
		bytes.toString('hex', 8, 10),
		bytes.toString('hex', 10, 16),
	].join('-');
