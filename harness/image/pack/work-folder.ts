import {randomUUID} from 'node:crypto';
import {mkdir, readdir, rm} from 'node:fs/promises';
import path from 'node:path';
import {tryLock} from '../build/lock.ts';

export type WorkFolder = AsyncDisposable & {readonly path: string};

const isWorkFolder = /^\.bootwright-pack-\w+$/v;
const lockOf = (folder: string): string => `${folder}.lock`;

/**
 * An empty folder beside an archive that is to be, so that this gets its name at once. It goes when it is disposed of, and after a kill with
 * the next one in the same directory: a lock beside it says whether its process is alive, also to other containers and machines, which see
 * none of its process numbers.
 * @throws what mkdir(2) failed with
 */
export const openWorkFolder = async (directory: string): Promise<WorkFolder> => {
	await sweep(directory);
	const folder = path.join(directory, `.bootwright-pack-${randomUUID().slice(0, 8)}`);
	// Taken before there is a folder that it is for. Where a file system has no locks, nobody can take it, and nobody sweeps.
	const lock = await tryLock(lockOf(folder)).catch(() => undefined);
	const close = async (): Promise<void> => {
		await rm(folder, {recursive: true, force: true});
		await rm(lockOf(folder), {force: true});
		await lock?.[Symbol.asyncDispose]();
	};
	try {
		await mkdir(folder, {mode: 0o700});
	} catch (error) {
		await close().catch(() => undefined);
		throw error;
	}

	return {path: folder, [Symbol.asyncDispose]: close};
};

/** Takes away what killed ones left. */
const sweep = async (directory: string): Promise<void> => {
	const names = await readdir(directory).catch((): string[] => []);
	const folders = names.filter((name) => isWorkFolder.test(name)).map((name) => path.join(directory, name));
	for (const folder of folders) {
		// One that cannot be taken away is somebody else's.
		await sweepOne(folder).catch(() => undefined);
	}
};

const sweepOne = async (folder: string): Promise<void> => {
	await using lock = await tryLock(lockOf(folder));
	if (lock !== undefined) {
		await rm(folder, {recursive: true, force: true});
		await rm(lockOf(folder), {force: true});
	}
};
