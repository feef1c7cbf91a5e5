import {createHash} from 'node:crypto';
import {readFile} from 'node:fs/promises';
import path from 'node:path';
import {wallClockMs} from '../core/clock.ts';
import {cacheFolder} from '../core/cache-folder.ts';
import {type Candidate, type FileIdentity} from './candidate.ts';
import {keepFile} from './keep-file.ts';

/**
 * The digest that a file had when it was hashed last, if it is the same file still: device, inode, size, and the times at which its
 * bytes and its inode changed, in nanoseconds. Undefined where that is not known.
 */
export const recallDigest = async ({identity}: Pick<Candidate, 'identity'>): Promise<string | undefined> => {
	const text = await readFile(fileOf(identity), 'utf8').catch(() => '');
	return /^[\da-f]{64}$/v.test(text) ? text : undefined;
};

/** A file that was written to within the same tick of the clock as it was hashed would look unchanged: one so young is not remembered. */
const settledMs = 2000;

/** Keeps it for the next run. */
export const keepDigest = async ({identity}: Pick<Candidate, 'identity'>, sha256: string): Promise<void> => {
	if (wallClockMs() - Number(identity.ctimeNs / 1_000_000n) >= settledMs) {
		await keepFile(fileOf(identity), sha256);
	}
};

const fileOf = ({dev, ino, size, mtimeNs, ctimeNs}: FileIdentity): string => {
	const name = createHash('sha256').update([dev, ino, size, mtimeNs, ctimeNs].join(' ')).digest('hex').slice(0, 32);
	return path.join(cacheFolder('digests'), name);
};
