import {statfs} from 'node:fs/promises';
import {HostError} from '../core/errors.ts';

/** Whether a program's words mean that a file system is full or a quota is used up (strerror of ENOSPC, EDQUOT). */
export const isDiskFull = (words: string): boolean => /No space left on device|Disk quota exceeded/iu.test(words);

/** "12 MiB": what an ordinary user may still write below a directory. */
export const freeSpaceIn = async (directory: string): Promise<string> => {
	const {bavail, bsize} = await statfs(directory);
	return `${Math.floor((bavail * bsize) / 1024 / 1024)} MiB`;
};

/** There is no room for the file that takes a run's writes: neither a copy nor a boot can be tried again. */
export class NoOverlaySpace extends HostError {}

export const noOverlaySpace = async (directory: string): Promise<NoOverlaySpace> =>
	new NoOverlaySpace(`No space left for the overlay in ${directory} (${await freeSpaceIn(directory)} free)`, {
		hint: 'Free some space there, or choose another place with --artifacts DIR; a run needs about 300 MiB',
	});
