import path from 'node:path';
import {HarnessBug} from '../../core/errors.ts';
import {fileSystemConfig, recipesDirectory} from './recipe.ts';
import {diskFull, isDiskFull, runTool, type ToolOptions} from './tool.ts';
import type {TreeTools} from './tree-tools.ts';
import {epoch} from './version.ts';

export type FileSystemTarget = {
	/** A sparse file of the disk's full size. */
	readonly disk: string;
	/** Where the partition begins and how long it is, in bytes. */
	readonly offset: number;
	readonly bytes: number;
	readonly uuid: string;
	/** What goes into it; all of it belongs to root there, but for what `owners` says. */
	readonly source: string;
	/** Lines `UID GID PATH`, paths relative to the root. */
	readonly owners: string;
	/** Folder for files that are only needed meanwhile. */
	readonly work: string;
	readonly tools: TreeTools;
	readonly options: ToolOptions;
};

export type MakeFileSystem = (target: FileSystemTarget) => Promise<void>;

/** Makes an ext4 file system inside a disk image, without mounting anything, with the same bytes for the same files, whoever owns them here. */
export const makeExt4: MakeFileSystem = async ({disk, offset, bytes, uuid, source, owners, tools, options}) => {
	const env = {
		MKE2FS_CONFIG: path.join(recipesDirectory, fileSystemConfig),
		// Read by libext2fs instead of the clock (lib/ext2fs/initialize.c).
		E2FSPROGS_FAKE_TIME: String(epoch),
	};
	const extended = `offset=${offset},hash_seed=${uuid},lazy_itable_init=1,lazy_journal_init=1,root_owner=0:0`;
	const args = [
		'-q',
		'-F',
		'-t',
		'ext4',
		'-m',
		'1',
		'-U',
		uuid,
		'-E',
		extended,
		'-d',
		source,
		disk,
		`${bytes / 1024}k`,
	];
	// What was laid over the packages is new, and so are the directories it lies in.
	const newer = [source, '-newermt', `@${epoch}`, '-exec', 'touch', '--no-dereference', `--date=@${epoch}`, '{}', '+'];
	await runTool('find', newer, options);
	await tools.run('sbin/mke2fs', args, {...options, env});
	const target = `${disk}?offset=${offset}`;
	const inodes = await usedInodes(target, {tools, options});
	const input = [...plainInodes(inodes), ...ownersOf(owners)].join('\n');
	const complaints: string[] = [];
	const onLine = (line: string): void => void complaints.push(line);
	await tools.run('sbin/debugfs', ['-w', '-f', '-', target], {...options, env, input, onLine});
	// It goes on after whatever it could not do, and ends with status 0; its first line is its name and version.
	if (complaints.some((line) => isDiskFull(line))) {
		throw diskFull(complaints);
	}

	if (complaints.length !== 1) {
		throw new HarnessBug(`debugfs did not do all it was told: ${complaints.slice(1, 4).join(' | ')}`);
	}
};

/** mke2fs allots inodes in a row, from the first one that is not reserved. */
const usedInodes = async (
	target: string,
	{tools, options}: Pick<FileSystemTarget, 'tools' | 'options'>,
): Promise<number> => {
	const stats = await tools.run('sbin/debugfs', ['-R', 'stats -h', target], {signal: options.signal});
	const field = (name: string): number => Number(new RegExp(String.raw`^${name}: +(\d+)$`, 'm').exec(stats)?.[1]);
	return field('Inode count') - field('Free inodes');
};

/** mke2fs copies owners, and change and access times (which nobody can set) of the files it reads: debugfs commands that set them all. */
const plainInodes = (inodes: number): readonly string[] =>
	[rootInode, ...Array.from({length: inodes - firstFreeInode + 1}, (_, index) => firstFreeInode + index)].flatMap(
		(inode) => [
			...['ctime', 'atime', 'crtime'].map((field) => `set_inode_field <${inode}> ${field} @${epoch}`),
			...['uid', 'gid'].map((field) => `set_inode_field <${inode}> ${field} 0`),
		],
	);

const rootInode = 2;
const firstFreeInode = 11;

const ownersOf = (owners: string): readonly string[] =>
	owners
		.matchAll(/^(\d+) (\d+) (.+)$/gm)
		.flatMap(([, user, group, name]) => [
			`set_inode_field "/${name}" uid ${user}`,
			`set_inode_field "/${name}" gid ${group}`,
		])
		.toArray();
