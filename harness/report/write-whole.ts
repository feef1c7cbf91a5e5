import {rename, rm, writeFile} from 'node:fs/promises';
import {HostError, messageOf} from '../core/errors.ts';

export type Text = string | Iterable<string> | AsyncIterable<string>;

/** The name under which a file is written before it gets its own. */
export const partOf = (file: string): string => `${file}.part`;

/** Writes a file whole or not at all, in pieces where it is longer than a string can be. @throws HostError */
export const writeWhole = async (file: string, text: Text): Promise<void> => {
	try {
		await writeFile(partOf(file), text);
		await rename(partOf(file), file);
	} catch (error) {
		// Where even that fails, the first error is the one to tell.
		await rm(partOf(file), {force: true}).catch(() => undefined);
		throw new HostError(`Cannot write ${file}: ${messageOf(error)}`, {cause: error});
	}
};
