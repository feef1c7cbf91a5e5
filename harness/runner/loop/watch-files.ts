import {watch} from 'node:fs';
import {readdir, stat} from 'node:fs/promises';
import path from 'node:path';
import {abortable} from '../../core/abortable.ts';
import {pollPause} from '../../core/clock.ts';
import {HostError, messageOf} from '../../core/errors.ts';
import {type WatchPoints, type Watched, watchPoints} from './watch-points.ts';

/** A linker writes in bursts: a file is changed when nothing was written to it for so long. */
const quietMs = 300;

/** State of each file; empty for one that is not there. */
export type Stamps = ReadonlyMap<string, string>;

export const stampsOf = async ({files, folders}: Watched): Promise<Stamps> => {
	const inside = await Promise.all(folders.map(filesBelow));
	const stamps = await Promise.all(
		[...files, ...inside.flat()].map(async (file): Promise<readonly [string, string]> => {
			const found = await stat(file).catch(() => undefined);
			return [file, found === undefined ? '' : [found.ino, found.size, found.mtimeMs].join(' ')];
		}),
	);
	return new Map(stamps);
};

/** None where it is not there, or goes away meanwhile. */
const filesBelow = async (folder: string): Promise<readonly string[]> => {
	const entries = await readdir(folder, {recursive: true, withFileTypes: true}).catch(() => []);
	return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
};

/**
 * Waits until one of some files is another than it was: written to, replaced by one of its name or by another target of a link, made where
 * there was none. A change since the stamps were taken counts.
 * @returns the files that changed
 * @throws the signal's reason; HostError where a folder cannot be watched
 */
export const nextChange = async (watched: Watched, before: Stamps, signal: AbortSignal): Promise<readonly string[]> => {
	for (;;) {
		signal.throwIfAborted();
		using event = firstEvent(await watchPoints(watched));
		const changed = await changedSince(watched, before, signal);
		if (changed.length > 0) {
			return changed;
		}

		await abortable(event.seen, signal);
	}
};

const firstEvent = (points: WatchPoints): Disposable & {readonly seen: Promise<undefined>} => {
	using stack = new DisposableStack();
	const {promise: seen, resolve} = Promise.withResolvers<undefined>();
	const look = (): void => resolve(undefined);
	for (const [folder, names] of points) {
		try {
			const watcher = watch(folder, (_event, name) => {
				// Its own name: the folder went away, or another took its place.
				if (names === 'all' || names.has(name ?? '') || name === path.basename(folder)) {
					look();
				}
			});
			stack.defer(() => watcher.close());
			watcher.on('error', look);
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
				throw new HostError(`Cannot watch ${folder}: ${messageOf(error)}`, {cause: error});
			}

			// It went away just now.
			look();
		}
	}

	const owned = stack.move();
	return {seen, [Symbol.dispose]: () => owned.dispose()};
};

/** What is other than before, once nothing more is written. */
const changedSince = async (watched: Watched, before: Stamps, signal: AbortSignal): Promise<readonly string[]> => {
	let now = await stampsOf(watched);
	for (let last = before; differences(last, now).length > 0;) {
		await pollPause(quietMs, signal);
		last = now;
		now = await stampsOf(watched);
	}

	return differences(before, now);
};

const differences = (before: Stamps, now: Stamps): readonly string[] =>
	[...new Set([...before.keys(), ...now.keys()])].filter((file) => before.get(file) !== now.get(file));
