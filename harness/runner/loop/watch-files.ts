import {watch} from 'node:fs';
import {stat} from 'node:fs/promises';
import path from 'node:path';
import {startTimer, type Timer} from '../../core/clock.ts';

/** A linker writes in bursts: a file is changed when nothing was written to it for so long. */
const quietMs = 300;

/** State of each file; empty for one that is not there. */
export type Stamps = ReadonlyMap<string, string>;

export const stampsOf = async (files: readonly string[]): Promise<Stamps> => {
	const stamps = await Promise.all(
		files.map(async (file): Promise<readonly [string, string]> => {
			const found = await stat(file).catch(() => undefined);
			return [path.resolve(file), found === undefined ? '' : [found.ino, found.size, found.mtimeMs].join(' ')];
		}),
	);
	return new Map(stamps);
};

/**
 * Waits until one of some files is another than it was: written to, replaced by one of its name, or made where there was none. A change
 * since the stamps were taken counts.
 * @returns the files that changed
 * @throws the signal's reason
 */
export const nextChange = async (before: Stamps, signal: AbortSignal): Promise<readonly string[]> => {
	signal.throwIfAborted();
	const files = before.keys().toArray();
	const {promise, resolve, reject} = Promise.withResolvers<undefined>();
	let timer: Timer | undefined;
	const look = (): void => {
		timer?.cancel();
		timer = startTimer(quietMs, () => resolve(undefined));
	};

	// Folders, not files: whoever replaces a file gives its name to another inode (inotify(7)).
	const folders = new Set(files.map((file) => path.dirname(file)));
	const watchers = [...folders].flatMap((folder) => {
		try {
			const watcher = watch(folder, (_event, name) => {
				if (files.includes(path.join(folder, name ?? ''))) {
					look();
				}
			});
			return [watcher.on('error', look)];
		} catch {
			// A folder that is not there cannot be watched; another file may bring it back.
			return [];
		}
	});
	const onAbort = (): void => reject(signal.reason);
	signal.addEventListener('abort', onAbort, {once: true});
	try {
		const changed = await changedSince(before);
		if (changed.length > 0) {
			return changed;
		}

		await promise;
		return await changedSince(before);
	} finally {
		timer?.cancel();
		signal.removeEventListener('abort', onAbort);
		for (const watcher of watchers) {
			watcher.close();
		}
	}
};

const changedSince = async (before: Stamps): Promise<readonly string[]> => {
	const now = await stampsOf(before.keys().toArray());
	return before
		.keys()
		.filter((file) => before.get(file) !== now.get(file))
		.toArray();
};
