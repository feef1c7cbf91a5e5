import {readFile} from 'node:fs/promises';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '../..');

export const read = async (file: string): Promise<string> => readFile(path.join(root, file), 'utf8');

/** A text with one place of it changed. */
export const changed = (text: string, [from, to]: readonly [from: string, to: string]): string => {
	if (text.split(from).length !== 2) {
		throw new Error(`not once in the text: ${from}`);
	}

	return text.replace(from, () => to);
};
