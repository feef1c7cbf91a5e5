import {randomUUID} from 'node:crypto';
import {mkdir, rename, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';

/** Writes a file of the cache, whole or not at all. One that cannot be written costs a later run some time, and is no error. */
export const keepFile = async (file: string, text: string): Promise<void> => {
	const beside = `${file}.${randomUUID().slice(0, 8)}`;
	try {
		await mkdir(path.dirname(file), {recursive: true});
		await writeFile(beside, text);
		await rename(beside, file);
	} catch {
		await rm(beside, {force: true}).catch(() => undefined);
	}
};
