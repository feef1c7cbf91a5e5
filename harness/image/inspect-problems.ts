import {type Stats} from 'node:fs';
import {UsageError, messageOf} from '../core/errors.ts';
import {quoteShell} from '../core/shell-quote.ts';

/** Why something in the file system cannot be an image; undefined for a regular file. */
export const describeWrongKind = (path: string, found: Stats): UsageError | undefined => {
	if (found.isFile()) {
		return undefined;
	}

	if (found.isDirectory()) {
		return new UsageError(`${path} is a directory, not a disk image`);
	}

	if (found.isBlockDevice()) {
		return new UsageError(`${path} is a block device, not a file`, {
			hint: `dd if=${quoteShell(path)} of=image.raw bs=4M conv=sparse`,
		});
	}

	const kind = found.isFIFO() ? 'a named pipe' : found.isSocket() ? 'a socket' : 'a character device';
	return new UsageError(`${path} is ${kind}, not a file`);
};

/** Puts an error of stat or open into words; what is in words already passes through. */
export const describeOpenError = (path: string, error: unknown): UsageError => {
	if (error instanceof UsageError) {
		return error;
	}

	const code = error instanceof Error && 'code' in error ? error.code : undefined;
	switch (code) {
		case 'ENOENT':
		case 'ENOTDIR': {
			return new UsageError(`No such image: ${path}`, {
				hint: 'A path, or ref:NAME with a name from: bootwright list images',
				cause: error,
			});
		}

		case 'EACCES':
		case 'EPERM': {
			return new UsageError(`Cannot read ${path}: permission denied`, {
				hint: `Owner and mode: ls -ld ${quoteShell(path)}`,
				cause: error,
			});
		}

		default: {
			return new UsageError(`Cannot read ${path}: ${messageOf(error)}`, {cause: error});
		}
	}
};
