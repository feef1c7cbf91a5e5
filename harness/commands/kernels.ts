import {stat} from 'node:fs/promises';
import {seconds} from '../core/deadline.ts';
import {ensureKernels, kernelVariants} from '../image/build-kernels.ts';
import {formatBytes} from '../report/format-bytes.ts';
import type {CommandContext} from './command.ts';

/** `bootwright images kernels`: the named test kernels, or all of them, that are not in the cache yet; one line each. */
export const run = async (
	{stdout, stderr, signal}: CommandContext,
	_options: unknown,
	names: readonly string[],
): Promise<number> => {
	const wanted = names.length === 0 ? Object.keys(kernelVariants()) : [...new Set(names)];
	const kernels = await ensureKernels(wanted, {signal, onProgress: (line) => stderr.write(`${line}\n`)});
	const width = Math.max(...wanted.map((name) => name.length));
	for (const {name, path, built, seconds: duration} of kernels) {
		const {size} = await stat(path);
		const how = built ? seconds(duration * 1000) : 'cached';
		stdout.write(`${name.padEnd(width)}  ${formatBytes(size).padStart(9)}  ${how.padStart(8)}  ${path}\n`);
	}

	return 0;
};
