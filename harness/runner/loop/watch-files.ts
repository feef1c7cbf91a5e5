import {watch} from 'node:fs';
import path from 'node:path';
import {startTimer, type Timer} from '../../core/clock.ts';

/** A linker writes in bursts: a file is changed when nothing was written to it for so long. */
const quietMs = 300;

/**
 * Waits until one of some files changes: written to, replaced by another of its name, or made where there was none.
 * @returns the files that changed
 * @throws the signal's reason
 */
export const nextChange = async (files: readonly string[], signal: AbortSignal): Promise<readonly string[]> => {
	signal.throwIfAborted();
	const {promise, resolve, reject} = Promise.withResolvers<readonly string[]>();
	const changed = new Set<string>();
	let timer: Timer | undefined;
	// Folders, not files: whoever replaces a file gives its name to another inode (inotify(7)).
	const folders = Map.groupBy(
		files.map((file) => path.resolve(file)),
		(file) => path.dirname(file),
	);
	const watchers = [...folders].map(([folder, inside]) =>
		watch(folder, (_event, name) => {
			const file = path.join(folder, name ?? '');
			if (inside.includes(file)) {
				changed.add(file);
				timer?.cancel();
				timer = startTimer(quietMs, () => resolve([...changed]));
			}
		}),
	);
	const onAbort = (): void => reject(signal.reason);
	signal.addEventListener('abort', onAbort, {once: true});
	try {
		return await promise;
	} finally {
		signal.removeEventListener('abort', onAbort);
		for (const watcher of watchers) {
			watcher.close();
		}
	}
};
