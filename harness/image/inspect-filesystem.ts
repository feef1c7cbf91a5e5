import {type Filesystem, type ReadAt} from './inspect-disk.ts';

/** Where a superblock says what it is: offset in bytes, and the bytes there. Order matters: the less ambiguous first. */
const magics: ReadonlyArray<readonly [Filesystem, number, string | readonly number[]]> = [
	['crypto_LUKS', 0, 'LUKS\u00BA\u00BE'], // cryptsetup, LUKS1 on-disk format, section 2.1
	['LVM2_member', 0x2_18, 'LVM2 001'], // lvm2 lib/label/label.h: label in sector 1
	['linux_raid_member', 0x10_00, [0xfc, 0x4e, 0x2b, 0xa9]], // md superblock 1.2, 4 KiB from the start
	['xfs', 0, 'XFSB'], // fs/xfs/libxfs/xfs_format.h
	['btrfs', 0x1_00_40, '_BHRfS_M'], // include/uapi/linux/btrfs_tree.h, superblock at 64 KiB
	['f2fs', 0x4_00, [0x10, 0x20, 0xf5, 0xf2]], // include/linux/f2fs_fs.h
	['erofs', 0x4_00, [0xe2, 0xe1, 0xf5, 0xe0]], // fs/erofs/erofs_fs.h
	['squashfs', 0, 'hsqs'], // fs/squashfs/squashfs_fs.h
	['swap', 0xf_f6, 'SWAPSPACE2'], // include/linux/swap.h, last bytes of the first 4 KiB page
	['ntfs', 3, 'NTFS    '],
	['vfat', 0x52, 'FAT32   '], // Microsoft FAT specification 1.03
	['vfat', 0x36, 'FAT16   '],
	['vfat', 0x36, 'FAT12   '],
	['iso9660', 0x80_01, 'CD001'], // ECMA-119, first volume descriptor in sector 16 of 2048 bytes
];

/** Names the file system (or what else holds data) by its superblock; undefined for anything not in the list. */
export const sniffFilesystem = async (read: ReadAt): Promise<Filesystem | undefined> => {
	const head = await read(0, 0x1_10_00);
	const found = magics.find(([, offset, magic]) => startsAt(head, offset, magic));
	return found?.[0] ?? sniffExt(head);
};

export const startsAt = (bytes: Buffer, offset: number, magic: string | readonly number[]): boolean => {
	const wanted = typeof magic === 'string' ? Buffer.from(magic, 'latin1') : Buffer.from(magic);
	return bytes.subarray(offset, offset + wanted.length).equals(wanted);
};

/** Feature bits that ext3 may have (fs/ext4/ext4.h, EXT3_FEATURE_*_SUPP): anything beyond makes it ext4. */
const ext3Incompat = 0x2 | 0x4 | 0x10;
const ext3RoCompat = 0x1 | 0x2 | 0x4;
const hasJournal = 0x4;

const sniffExt = (head: Buffer): Filesystem | undefined => {
	if (head.length < 0x4_68 || head.readUInt16LE(0x4_38) !== 0xef_53) {
		return undefined;
	}

	const compat = head.readUInt32LE(0x4_5c);
	const incompat = head.readUInt32LE(0x4_60);
	const roCompat = head.readUInt32LE(0x4_64);
	if ((incompat & ~ext3Incompat) !== 0 || (roCompat & ~ext3RoCompat) !== 0) {
		return 'ext4';
	}

	return (compat & hasJournal) === 0 ? 'ext2' : 'ext3';
};
