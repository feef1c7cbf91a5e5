import path from 'node:path';
import {UsageError} from '../core/errors.ts';
import {formatBytes} from '../report/format-bytes.ts';
import {openRunFolder} from '../runner/run-folder.ts';
import {resolveImage} from '../runner/resolve-image.ts';
import {packImage} from '../image/pack/pack-image.ts';
import {type CommandContext} from './command.ts';

type Options = {
	readonly output?: string;
	readonly pad: boolean;
	readonly level: number;
	readonly force: boolean;
};

/** `bootwright pack IMAGE`: the import archive, and the proof that it unpacks to the same bytes. */
export const run = async (
	{stdout, stderr, signal}: CommandContext,
	{output, pad, level, force}: Options,
	word: string,
): Promise<number> => {
	await using folder = await openRunFolder();
	const {candidate} = await resolveImage(word, {
		folder: folder.path,
		onProgress: (line) => stderr.write(`${line}\n`),
		signal,
	});
	if (candidate.origin.kind === 'archive') {
		throw new UsageError(`${word} is an import archive already`, {
			hint: `bootwright test ${word} --only import.archive`,
		});
	}

	const to = output ?? `${path.basename(candidate.origin.path).replace(/\.(?:raw|img)$/, '')}.tar.gz`;
	const packed = await packImage(candidate, {to, pad, level, force, signal});
	stdout.write(
		`${to}: disk.raw of ${formatBytes(packed.diskBytes)}, packed to ${formatBytes(packed.bytes)} by ${packed.compressor}
unpacks to SHA-256 ${packed.sha256}\n`,
	);
	return 0;
};
