import {chmod, mkdir, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';

/**
 * Writes a file of an image below `root`, with the folders above it; modes are the usual ones whatever the umask is.
 * One that begins with `#!` is executable.
 */
export const putFile = async (root: string, name: string, content: Buffer | string): Promise<void> => {
	const place = path.join(root, name);
	const folder = path.dirname(place);
	const firstMade = await mkdir(folder, {recursive: true});
	if (firstMade !== undefined) {
		for (let made = folder; made.length >= firstMade.length; made = path.dirname(made)) {
			await chmod(made, 0o755);
		}
	}

	// What is replaced may be a link to somewhere else.
	await rm(place, {force: true});
	await writeFile(place, content);
	await chmod(place, content.slice(0, 2).toString() === '#!' ? 0o755 : 0o644);
};
