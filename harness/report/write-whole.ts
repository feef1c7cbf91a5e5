import {rename, writeFile} from 'node:fs/promises';
import {HostError, messageOf} from '../core/errors.ts';

/** Writes a file whole or not at all. @throws HostError */
export const writeWhole = async (file: string, text: string): Promise<void> => {
	try {
		await writeFile(`${file}.part`, text);
		await rename(`${file}.part`, file);
	} catch (error) {
		throw new HostError(`Cannot write ${file}: ${messageOf(error)}`, {cause: error});
	}
};
