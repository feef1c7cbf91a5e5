import {type Stats, fstatSync} from 'node:fs';
import {readlink, realpath, stat} from 'node:fs/promises';
import path from 'node:path';

/** What a name leads to that a person gave for a report. */
export type ReportTarget =
	/** A file, which is replaced; its name has no link at its end. */
	| {readonly kind: 'file'; readonly path: string}
	/** A FIFO, a terminal, a device of characters: it stays what it is, and is written to. */
	| {readonly kind: 'stream'; readonly path: string}
	/** A file or socket that is this program's own output: a file in its place would lose what is said afterwards. */
	| {readonly kind: 'output'; readonly descriptor: number}
	/** Nothing to write a report to. */
	| {readonly kind: 'none'; readonly what: string};

/** Follows links, also to what is not there yet. @throws what the system says of a name that leads nowhere */
export const reportTarget = async (file: string): Promise<ReportTarget> => {
	const found = await stat(file).catch((error: unknown) => {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
			return undefined;
		}

		throw error;
	});
	if (found?.isFIFO() === true || found?.isCharacterDevice() === true) {
		return {kind: 'stream', path: path.resolve(file)};
	}

	const descriptor = found === undefined ? undefined : outputs.find((one) => isOpenAs(one, found));
	if (descriptor !== undefined) {
		return {kind: 'output', descriptor};
	}

	return found === undefined || found.isFile()
		? {kind: 'file', path: await endOfLinks(path.resolve(file))}
		: {kind: 'none', what: found.isDirectory() ? 'a directory' : found.isSocket() ? 'a socket' : 'a block device'};
};

const outputs = [1, 2] as const;

const isOpenAs = (descriptor: number, found: Stats): boolean => {
	const {dev, ino} = fstatSync(descriptor);
	return dev === found.dev && ino === found.ino;
};

/**
 * The one name of a file, which has no link in it, also where the file or a directory above it is not there yet.
 * @param file an absolute path
 * @throws what the system says of a name that leads nowhere
 */
export const endOfLinks = async (file: string): Promise<string> => {
	try {
		return await realpath(file);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
			throw error;
		}
	}

	const parent = await endOfLinks(path.dirname(file));
	const target = await readlink(file).catch(() => undefined);
	return target === undefined ? path.join(parent, path.basename(file)) : endOfLinks(path.resolve(parent, target));
};
