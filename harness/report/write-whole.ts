import {rename, writeFile} from 'node:fs/promises';
import {HostError, messageOf} from '../core/errors.ts';

/** Writes a file whole or not at all, in pieces where it is longer than a string can be. @throws HostError */
export const writeWhole = async (
	file: string,
	text: string | Iterable<string> | AsyncIterable<string>,
): Promise<void> => {
	try {
		await writeFile(`${file}.part`, text);
		await rename(`${file}.part`, file);
	} catch (error) {
		throw new HostError(`Cannot write ${file}: ${messageOf(error)}`, {cause: error});
	}
};
