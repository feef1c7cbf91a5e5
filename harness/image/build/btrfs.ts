import {mkdir, open, rm, rmdir, writeFile} from 'node:fs/promises';
import {userInfo} from 'node:os';
import path from 'node:path';
import type {MakeFileSystem} from './ext4.ts';
import {intoDisk} from './into-disk.ts';
import {runTool} from './tool.ts';

/**
 * Makes a Btrfs file system out of a directory, without mounting it. mkfs.btrfs takes owners from the files that it reads, so that it
 * reads a copy, in memory and a namespace, in which they belong to whom they should. Its trees carry the time of the making: two builds differ.
 */
export const makeBtrfs: MakeFileSystem = async ({disk, offset, bytes, uuid, source, owners, work, tools, options}) => {
	const [list, copy, made] = [path.join(work, 'owners'), path.join(work, 'owned'), path.join(work, 'btrfs.img')];
	await mkdir(copy);
	await writeFile(list, owners);
	const file = await open(made, 'wx');
	await file.truncate(bytes);
	await file.close();
	const mkfs = [...tools.command('sbin/mkfs.btrfs'), '--quiet', '--uuid', uuid, '--rootdir', '.', made];
	await runTool('unshare', [...userNamespace(), '--mount', 'sh', ownedCopy, source, list, copy, ...mkfs], options);
	await Promise.all([rm(list), rmdir(copy)]);
	await intoDisk(made, {disk, offset, options});
};

/** An ordinary user is root in one of its own, and has all of the user's subordinate ids there. */
export const userNamespace = (): readonly string[] =>
	userInfo().uid === 0 ? [] : ['--user', '--map-root-user', '--map-auto'];

const ownedCopy = path.join(import.meta.dirname, 'owned-copy.sh');
