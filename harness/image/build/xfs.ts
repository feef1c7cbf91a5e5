import {open, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import type {MakeFileSystem} from './ext4.ts';
import {intoDisk} from './into-disk.ts';
import {xfsPrototype} from './xfs-prototype.ts';

/**
 * Makes an XFS file system out of a directory, without mounting anything. Its inodes carry the time of the making: mkfs.xfs 6.1 asks
 * the clock, so that two builds differ.
 */
export const makeXfs: MakeFileSystem = async ({disk, offset, bytes, uuid, source, owners, work, tools, options}) => {
	const [prototype, made] = [path.join(work, 'xfs-prototype'), path.join(work, 'xfs.img')];
	const {text, sticky} = await xfsPrototype(source, owners);
	await writeFile(prototype, text);
	const file = await open(made, 'wx');
	await file.truncate(bytes);
	await file.close();
	await tools.run('sbin/mkfs.xfs', ['-q', '-m', `uuid=${uuid}`, '-p', prototype, made], options);
	// A prototype has no word for the sticky bit.
	const fixes = sticky.flatMap(({name, mode}) => [
		'-c',
		`path /${name}`,
		'-c',
		`write -d core.mode 0${mode.toString(8)}`,
	]);
	await tools.run('usr/sbin/xfs_db', ['-x', ...fixes, made], options);
	await rm(prototype);
	await intoDisk(made, {disk, offset, options});
};
