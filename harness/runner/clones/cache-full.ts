import {rm} from 'node:fs/promises';
import path from 'node:path';
import {HostError, messageOf} from '../../core/errors.ts';
import {NoOverlaySpace, freeSpaceIn, isDiskFull} from '../../image/overlay-space.ts';
import {QemuEnded} from '../../qemu/qemu-exit.ts';

/** How to get room in the cache. */
export const moreRoom =
	'Free some, or put the cache elsewhere by XDG_CACHE_HOME=DIR; "bootwright cache" shows what is in it';

/**
 * Whether a machine that grows in the cache broke for want of room there. Its memory is a file: where there is no block for a page that the guest
 * writes to, the kernel kills QEMU (mmap(2), SIGBUS). To reserve the blocks beforehand would make each saved machine as large as its memory.
 */
export const isCacheFull = (error: unknown): boolean =>
	error instanceof NoOverlaySpace ||
	(error instanceof QemuEnded && error.signal === 'SIGBUS') ||
	isDiskFull(messageOf(error));

/** Takes away what has grown so far, which makes room again. @returns what to tell of it */
export const giveUpGrowing = async (directory: string, error: unknown): Promise<HostError> => {
	const root = path.dirname(directory);
	const free = await freeSpaceIn(root);
	await rm(directory, {recursive: true, force: true});
	return new HostError(`${root} was full (${free} free) while the machine booted there: ${messageOf(error)}`, {
		hint: moreRoom,
		cause: error,
	});
};
