import {createHash} from 'node:crypto';
import {readdir, realpath, stat} from 'node:fs/promises';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../../..');
/** What this program consists of, and what it builds its tools and ramdisks from. */
const parts = ['harness', 'images', 'qemu-profiles', 'package-lock.json'];

/** Changes with every file of this program that is written to: what another version has saved is not taken up. */
export const programDigest = async (): Promise<string> => {
	const files = await Promise.all(parts.map(async (part) => filesOf(path.join(root, part))));
	const stamps = await Promise.all(files.flat().map(async (file) => stampOf(file)));
	return createHash('sha256').update(stamps.join('\n')).digest('hex');
};

/** A file by its name, size and time; its real name, so that a link to another one is a change. Empty where there is none. */
export const stampOf = async (file: string): Promise<string> => {
	try {
		const real = await realpath(file);
		const {size, mtimeMs} = await stat(real);
		return [real, size, mtimeMs].join(' ');
	} catch {
		return '';
	}
};

const filesOf = async (part: string): Promise<readonly string[]> => {
	if (!(await stat(part)).isDirectory()) {
		return [part];
	}

	const entries = await readdir(part, {recursive: true, withFileTypes: true});
	return entries
		.filter((entry) => entry.isFile())
		.map((entry) => path.join(entry.parentPath, entry.name))
		.toSorted((a, b) => a.localeCompare(b, 'en'));
};
