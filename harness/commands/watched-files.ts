import {readdir} from 'node:fs/promises';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {isProfilePath} from '../profile/load.ts';
import {type Watched} from '../runner/loop/watch-points.ts';
import {moduleFiles} from '../runner/module-files.ts';
import type {TestOptions} from './test-options.ts';

const scenarios = fileURLToPath(new URL('../../scenarios/', import.meta.url));

type Options = Pick<TestOptions, 'kernel' | 'initrd' | 'modules' | 'config' | 'profile' | 'scenario'>;

/** The files whose change makes `--watch` run again: kernel, ramdisk, modules, configuration, profile, images, scenarios. */
export const watchedFiles = async (
	{kernel, initrd, modules, config, profile, scenario}: Options,
	words: readonly string[],
): Promise<Watched> => {
	const own = (await readdir(scenarios))
		.filter((name) => name.endsWith('.ts'))
		.map((name) => path.join(scenarios, name));
	const profiles = isProfilePath(profile) ? [profile] : [];
	const named = [kernel, initrd, config, ...profiles, ...scenario, ...words].filter((word) => word !== undefined);
	const files = named.filter((word) => !word.startsWith('ref:'));
	return {
		files: [...files.map((file) => path.resolve(file)), ...own],
		folders: modules === undefined ? [] : [await modulesRoot(modules)],
	};
};

/** All of it where it holds no modules yet. */
const modulesRoot = async (directory: string): Promise<string> => {
	try {
		const {root} = await moduleFiles(directory);
		return root;
	} catch {
		return path.resolve(directory);
	}
};
