import {type BigIntStats} from 'node:fs';
import {type FileIdentity} from './candidate.ts';

export const identityOf = ({dev, ino, size, mtimeNs, ctimeNs}: BigIntStats): FileIdentity => ({
	dev,
	ino,
	size,
	mtimeNs,
	ctimeNs,
});

/** What differs between two states of a file, in words for a message; the contents are at risk unless it is the inode's change time alone. */
export const differences = (
	before: FileIdentity,
	after: FileIdentity,
): {readonly words: string; readonly contents: boolean} => {
	const words: string[] = [];
	if (before.dev !== after.dev || before.ino !== after.ino) {
		words.push('it is another file now');
	}

	if (before.size !== after.size) {
		words.push(`size ${before.size} → ${after.size} bytes`);
	}

	if (before.mtimeNs !== after.mtimeNs) {
		words.push(`modified at ${stampOf(after.mtimeNs)}`);
	}

	const contents = words.length > 0;
	if (!contents && before.ctimeNs !== after.ctimeNs) {
		words.push(`its inode changed at ${stampOf(after.ctimeNs)}`);
	}

	return {words: words.join(', '), contents};
};

const stampOf = (ns: bigint): string => new Date(Number(ns / 1_000_000n)).toISOString();
