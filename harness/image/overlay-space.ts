import {statfs} from 'node:fs/promises';

/** Whether a program's words mean that a file system is full or a quota is used up (strerror of ENOSPC, EDQUOT). */
export const isDiskFull = (words: string): boolean => /No space left on device|Disk quota exceeded/iu.test(words);

/** "12 MiB": what an ordinary user may still write below a directory. */
export const freeSpaceIn = async (directory: string): Promise<string> => {
	const {bavail, bsize} = await statfs(directory);
	return `${Math.floor((bavail * bsize) / 1024 / 1024)} MiB`;
};
