import path from 'node:path';
import {recipesDirectory} from './recipe.ts';
import {runTool, type ToolOptions} from './tool.ts';
import {epoch} from './version.ts';

export type FileSystemTarget = {
	/** A sparse file of the disk's full size. */
	readonly disk: string;
	/** Where the partition begins and ends, in bytes. */
	readonly offset: number;
	readonly bytes: number;
	readonly uuid: string;
	/** What goes into it. */
	readonly source: string;
	/** Fakeroot's notes on who owns what in `source`; without them everything belongs to root. */
	readonly owners?: string;
	readonly options: ToolOptions;
};

/** Makes an ext4 file system inside a disk image, without mounting anything, with the same bytes for the same files. */
export const makeExt4 = async ({disk, offset, bytes, uuid, source, owners, options}: FileSystemTarget): Promise<void> => {
	const env = {
		MKE2FS_CONFIG: path.join(recipesDirectory, 'shared/mke2fs.conf'),
		// Both are read by libext2fs (lib/ext2fs/initialize.c, openfs.c) instead of the clock; newer versions know only the second.
		E2FSPROGS_FAKE_TIME: String(epoch),
		SOURCE_DATE_EPOCH: String(epoch),
	};
	const extended = `offset=${offset},hash_seed=${uuid},lazy_itable_init=1,lazy_journal_init=1,root_owner=0:0`;
	const mke2fs = ['mke2fs', '-q', '-F', '-t', 'ext4', '-m', '1', '-U', uuid, '-E', extended, '-d', source];
	await runTool(
		'fakeroot',
		[...(owners === undefined ? [] : ['-i', owners]), '--', ...mke2fs, disk, `${bytes / 1024}k`],
		{...options, env},
	);
	const target = `${disk}?offset=${offset}`;
	const script = fixedTimes(await usedInodes(target, options));
	await runTool('debugfs', ['-w', '-f', '-', target], {...options, env, input: script});
};

/** mke2fs allots inodes in a row, from the first one that is not reserved. */
const usedInodes = async (target: string, options: ToolOptions): Promise<number> => {
	const stats = await runTool('debugfs', ['-R', 'stats -h', target], options);
	const field = (name: string): number => Number(new RegExp(`^${name}: +(\\d+)$`, 'm').exec(stats)?.[1]);
	return field('Inode count') - field('Free inodes');
};

/** mke2fs copies change and access times of the files it reads, which nobody can set: debugfs commands that set them. */
const fixedTimes = (inodes: number): string =>
	Array.from({length: inodes}, (_, index) => index + 1)
		.filter(inode => inode === rootInode || inode >= firstFreeInode)
		.flatMap(inode => ['ctime', 'atime', 'crtime'].map(field => `set_inode_field <${inode}> ${field} @${epoch}`))
		.join('\n');

const rootInode = 2;
const firstFreeInode = 11;
