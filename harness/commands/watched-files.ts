import {readdir} from 'node:fs/promises';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import type {TestOptions} from './test-options.ts';

const scenarios = fileURLToPath(new URL('../../scenarios/', import.meta.url));

/** The files whose change makes `--watch` run again: kernel, ramdisk, configuration, images, scenarios. */
export const watchedFiles = async (
	{kernel, initrd, config, scenario}: Pick<TestOptions, 'kernel' | 'initrd' | 'config' | 'scenario'>,
	words: readonly string[],
): Promise<readonly string[]> => {
	const own = (await readdir(scenarios))
		.filter((name) => name.endsWith('.ts'))
		.map((name) => path.join(scenarios, name));
	const named = [kernel, initrd, config, ...scenario, ...words].filter((word) => word !== undefined);
	const files = named.filter((word) => !word.startsWith('ref:'));
	return [...files.map((file) => path.resolve(file)), ...own];
};
