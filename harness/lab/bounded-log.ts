import {appendFileSync} from 'node:fs';

/** What a guest that asks without end may fill. */
const limitBytes = 10 * 1024 * 1024;

/**
 * Appends lines to a file until it is full: whatever a guest can cause must be bounded. A file that cannot be written is no reason to
 * end a run.
 * @param lastWord the line that says so at the end of a full one
 */
export const boundedLog = (path: string, lastWord: string): ((line: string) => void) => {
	let left = limitBytes;
	return (line) => {
		if (left <= 0) {
			return;
		}

		left -= Buffer.byteLength(line) + 1;
		try {
			appendFileSync(path, `${left > 0 ? line : lastWord}\n`);
		} catch {
			left = 0;
		}
	};
};
