import {lstat, readdir, rm, stat} from 'node:fs/promises';
import path from 'node:path';
import {UsageError} from '../../core/errors.ts';
import {isClaimed} from './claims.ts';

/** A machine in the store, or one that grows there or was left so by a run that was killed. */
export type Entry = {
	readonly path: string;
	/** On the disk, holes not counted. */
	readonly bytes: number;
	/** Last used, ms since the epoch. */
	readonly usedAt: number;
};

/** What the store may take: some dozen machines. */
const defaultMiB = 4096;

/** `BOOTWRIGHT_MACHINES_MIB`, else 4 GiB. */
export const limitBytes = (): number => {
	const given = process.env['BOOTWRIGHT_MACHINES_MIB'] ?? '';
	if (!/^\d*$/v.test(given)) {
		throw new UsageError(`BOOTWRIGHT_MACHINES_MIB is ${JSON.stringify(given)}: it must be a number of MiB`);
	}

	return (given === '' ? defaultMiB : Number(given)) * 2 ** 20;
};

/** What a run or a builder is not finished with, and where it was killed never will be. */
export const isUnfinished = (entry: string): boolean => /^\.(?:growing|building)-/v.test(path.basename(entry));

/** What is there, the one used last first. */
export const listEntries = async (root: string): Promise<readonly Entry[]> => {
	const names = (await readdir(root).catch((): string[] => [])).filter(
		(name) => !name.startsWith('.') || isUnfinished(name),
	);
	const entries = await Promise.all(
		names.map(async (name): Promise<Entry | undefined> => {
			const entry = path.join(root, name);
			try {
				const files = await readdir(entry, {recursive: true});
				const sizes = await Promise.all(files.map(async (file) => (await lstat(path.join(entry, file))).blocks * 512));
				return {path: entry, bytes: sizes.reduce((sum, size) => sum + size, 0), usedAt: (await stat(entry)).mtimeMs};
			} catch {
				// Another process has taken it away.
				return undefined;
			}
		}),
	);
	return entries.filter((entry) => entry !== undefined).toSorted((a, b) => b.usedAt - a.usedAt);
};

/**
 * Takes machines away until the store is no larger than it may be, those first that were not used for longest. One that a process uses
 * stays.
 * @returns those that are gone
 */
export const prune = async (root: string, limit: number = limitBytes()): Promise<readonly Entry[]> => {
	const gone: Entry[] = [];
	let bytes = 0;
	const entries = await listEntries(root);
	for (const entry of entries) {
		bytes += entry.bytes;
		if (bytes > limit && !(await isClaimed(entry.path))) {
			await rm(entry.path, {recursive: true, force: true});
			gone.push(entry);
		}
	}

	return gone;
};
