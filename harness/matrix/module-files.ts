import {readdir} from 'node:fs/promises';
import path from 'node:path';
import {inByteOrder} from '../image/build/in-byte-order.ts';
import {modulesRoot} from '../runner/kernel-under-test.ts';

/**
 * The files of a kernel's modules, as they would get into its ramdisk: paths that can be opened, in an order that is the same on every machine.
 * @param directory as `--modules` takes it
 * @returns none where it holds no modules
 */
export const moduleFiles = async (
	directory: string,
): Promise<{readonly root: string; readonly names: readonly string[]}> => {
	const root = await modulesRoot(directory).catch(() => undefined);
	if (root === undefined) {
		return {root: directory, names: []};
	}

	const entries = await readdir(root, {recursive: true, withFileTypes: true});
	const names = entries
		.filter((entry) => entry.isFile())
		.map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
		.toSorted(inByteOrder);
	return {root, names};
};
