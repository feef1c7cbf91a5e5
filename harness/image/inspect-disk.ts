/** Reads up to `length` bytes at `offset`; shorter, possibly empty, at the end. */
export type ReadAt = (offset: number, length: number) => Promise<Buffer>;

export const sectorBytes = 512;

export type Filesystem =
	| 'ext2'
	| 'ext3'
	| 'ext4'
	| 'xfs'
	| 'btrfs'
	| 'vfat'
	| 'ntfs'
	| 'f2fs'
	| 'squashfs'
	| 'erofs'
	| 'iso9660'
	| 'swap'
	| 'LVM2_member'
	| 'crypto_LUKS'
	| 'linux_raid_member';

export type Partition = {
	/** As the kernel counts: 1–4 primary, 5… logical; for GPT the entry's place. */
	readonly number: number;
	/** Offset and length in bytes. */
	readonly start: number;
	readonly bytes: number;
	/** MBR: two hex digits; GPT: the type GUID in lower case. */
	readonly type: string;
	readonly name: string | undefined;
	readonly filesystem: Filesystem | undefined;
};

/** How a disk is divided. `problems`: what is wrong with the table, in words; such a disk may still boot. */
export type DiskLayout = {
	readonly table: 'gpt' | 'mbr' | 'none';
	readonly partitions: readonly Partition[];
	/** The file system on the disk as a whole, where there is no table. */
	readonly filesystem: Filesystem | undefined;
	readonly problems: readonly string[];
};

export type RawPartition = Omit<Partition, 'filesystem'>;
export type RawTable = {readonly partitions: readonly RawPartition[]; readonly problems: readonly string[]};
