import {readdir} from 'node:fs/promises';
import path from 'node:path';
import {UsageError} from '../core/errors.ts';
import {inByteOrder} from '../image/build/in-byte-order.ts';

export type ModuleFiles = {readonly root: string; readonly names: readonly string[]};

/**
 * The files of a kernel's modules, as they get into its ramdisk: names below a root, in an order that is the same on every machine.
 * @param directory as `--modules` takes it
 * @throws UsageError where it holds no modules
 */
export const moduleFiles = async (directory: string): Promise<ModuleFiles> => {
	const root = await modulesRoot(directory);
	const entries = await readdir(root, {recursive: true, withFileTypes: true});
	const names = entries
		.filter((entry) => entry.isFile())
		.map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
		.toSorted(inByteOrder);
	return {root, names};
};

/** Where the modules of each release lie. */
const modulesRoot = async (directory: string): Promise<string> => {
	const candidates = [path.join(directory, 'lib/modules'), directory].map((one) => path.resolve(one));
	for (const root of candidates) {
		const releases = await readdir(root).catch((): string[] => []);
		for (const release of releases) {
			const inside = await readdir(path.join(root, release)).catch((): string[] => []);
			if (inside.includes('modules.dep')) {
				return root;
			}
		}
	}

	throw new UsageError(`${directory} holds no modules`, {
		hint: 'make modules_install INSTALL_MOD_PATH=DIR, then --modules DIR',
	});
};
