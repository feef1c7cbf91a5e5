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
	const images = words.filter((word) => !word.startsWith('ref:'));
	const named = [kernel, initrd, config, ...scenario, ...images].filter((file) => file !== undefined);
	return [...named.map((file) => path.resolve(file)), ...own];
};
