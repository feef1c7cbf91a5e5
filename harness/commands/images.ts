import {stat} from 'node:fs/promises';
import {seconds} from '../core/deadline.ts';
import {ensureImage, imageNames, loadRecipe} from '../image/build.ts';
import {ensureToolbox} from '../image/toolbox.ts';
import {formatBytes} from '../report/format-bytes.ts';
import type {CommandContext} from './command.ts';

/**
 * `bootwright images build`: the named images, or all of them, that are not in the cache yet; one line each when it is there. With all of them
 * also the programs that runs bring into guests that lack them.
 */
export const run = async (
	{stdout, stderr, signal}: CommandContext,
	_options: unknown,
	names: readonly string[],
): Promise<number> => {
	const wanted = names.length === 0 ? imageNames() : [...new Set(names)];
	// A mistyped last name must not be found out after minutes.
	for (const name of wanted) {
		loadRecipe(name);
	}

	const width = Math.max(...wanted.map((name) => name.length));
	for (const name of wanted) {
		const {path, manifest, built} = await ensureImage(name, {signal, onProgress: (line) => stderr.write(`${line}\n`)});
		const {size} = await stat(path);
		const how = built ? seconds(manifest.seconds * 1000) : 'cached';
		stdout.write(`${name.padEnd(width)}  ${formatBytes(size).padStart(9)}  ${how.padStart(6)}  ${path}\n`);
	}

	// With these nothing is left for a run to build.
	const architectures = names.length === 0 ? (['amd64', 'i386'] as const) : [];
	for (const architecture of architectures) {
		const {path, bytes} = await ensureToolbox(architecture, {signal, onLine: (line) => stderr.write(`${line}\n`)});
		stdout.write(
			`${`toolbox ${architecture}`.padEnd(width)}  ${formatBytes(bytes).padStart(9)}  ${''.padStart(6)}  ${path}\n`,
		);
	}

	return 0;
};
