import {readFileSync} from 'node:fs';
import path from 'node:path';
import {type FileDump, parseDump} from '../../../harness/machine/file-dump.ts';

const fixtures = path.resolve(import.meta.dirname, '../../fixtures');

/** Kernels of Debian 11, 12 and 13 on the cloud's machine, recorded with `dumpCommand`. */
export const kernels = ['linux-5.10', 'linux-6.1', 'linux-6.12'] as const;

export const recordedText = (name: string): string => readFileSync(path.join(fixtures, name), 'utf8');
export const recordedJson = (name: string): unknown => JSON.parse(recordedText(name));

/** What a guest showed, with some files replaced (undefined: taken away). Keys are the ends of paths. */
export const recorded = (
	name: string,
	changes: Readonly<Record<string, Buffer | string | undefined>> = {},
): FileDump => {
	const dump = new Map(parseDump(readFileSync(path.join(fixtures, `guest/${name}.dump`))));
	for (const [ending, content] of Object.entries(changes)) {
		const paths = dump
			.keys()
			.filter((file) => file.endsWith(ending))
			.toArray();
		if (paths.length === 0) {
			throw new Error(`${name} has no file …${ending}`);
		}

		for (const file of paths) {
			if (content === undefined) {
				dump.delete(file);
			} else {
				dump.set(file, Buffer.from(content));
			}
		}
	}

	return dump;
};
