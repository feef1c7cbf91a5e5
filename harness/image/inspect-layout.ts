import {type DiskLayout, type RawPartition, type ReadAt} from './inspect-disk.ts';
import {sniffFilesystem} from './inspect-filesystem.ts';
import {readGpt} from './inspect-gpt.ts';
import {readMbr} from './inspect-mbr.ts';

/**
 * Reads the partition table of a disk with 512-byte sectors and names the file system in each partition by its superblock.
 * For messages and for choosing a way in; the guest's own kernel is never judged by it.
 */
export const readLayout = async (readAt: ReadAt, diskBytes: number): Promise<DiskLayout> => {
	// A table may claim any place: nothing is read before the beginning or behind the end.
	const read: ReadAt = async (offset, length) =>
		offset >= 0 && offset < diskBytes ? readAt(offset, Math.min(length, diskBytes - offset)) : Buffer.alloc(0);
	const found = (await readGpt(read, diskBytes)) ?? (await readMbr(read, diskBytes));
	if (found === undefined) {
		return {table: 'none', partitions: [], filesystem: await sniffFilesystem(read), problems: []};
	}

	const partitions = await Promise.all(
		found.partitions.map(async (partition) => ({
			...partition,
			filesystem: await sniffFilesystem(within(read, partition)),
		})),
	);
	return {table: found.table, partitions, filesystem: undefined, problems: found.problems};
};

const within =
	(read: ReadAt, {start, bytes}: RawPartition): ReadAt =>
	async (offset, length) =>
		read(start + offset, Math.max(0, Math.min(length, bytes - offset)));
