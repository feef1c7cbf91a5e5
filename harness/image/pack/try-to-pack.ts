import {createHash} from 'node:crypto';
import {readFile} from 'node:fs/promises';
import path from 'node:path';
import {execa} from 'execa';
import {z} from 'zod';
import {cacheFolder} from '../../core/cache-folder.ts';
import {type Candidate} from '../candidate.ts';
import {keepFile} from '../keep-file.ts';
import {type Compressor, compressor} from './compressor.ts';
import {startPacking} from './import-archive.ts';
import {type ArchiveContent, lookIntoArchive, lookIntoGzip} from './look-into-archive.ts';

/**
 * What the import archive of an image holds: the one that the person named, or one that is packed and unpacked again on the fly, of
 * which nothing is written. The answer for the same bytes and the same programs is kept, as it takes seconds.
 * @param options.sha256 of the disk
 * @throws HostError where it cannot be packed or unpacked
 */
export const tryToPack = async (
	{path: file, origin, bytes}: Pick<Candidate, 'path' | 'origin' | 'bytes'>,
	{sha256, signal}: {readonly sha256: string; readonly signal: AbortSignal},
): Promise<ArchiveContent> => {
	const gzip = await compressor();
	if (origin.kind === 'archive') {
		return lookIntoGzip(origin.path, {gzip, signal});
	}

	const answer = path.join(cacheFolder('archives'), await keyOf(sha256, gzip));
	const known = parse(await readFile(answer, 'utf8').catch(() => ''));
	if (known !== undefined) {
		return known;
	}

	// The level makes the archive smaller and nothing else.
	await using packing = await startPacking(file, {bytes, gzip, level: 1, unpack: true, signal});
	const content = await lookIntoArchive(packing.stdout, {signal});
	await packing.done;
	await keepFile(answer, JSON.stringify(content));
	return content;
};

const keyOf = async (sha256: string, gzip: Compressor): Promise<string> => {
	const versions = await Promise.all(['tar', gzip].map(async (name) => execa(name, ['--version'], {stdin: 'ignore'})));
	const words = versions.map(({stdout, stderr}) => (stdout === '' ? stderr : stdout).split('\n')[0]);
	return createHash('sha256')
		.update(['1', sha256, ...words].join('\n'))
		.digest('hex')
		.slice(0, 32);
};

const contentSchema = z.strictObject({
	names: z.array(z.string()),
	format: z.enum(['GNU', 'POSIX', 'unknown']),
	sha256: z.string(),
	bytes: z.number(),
});

const parse = (text: string): ArchiveContent | undefined => {
	try {
		return contentSchema.parse(JSON.parse(text));
	} catch {
		return undefined;
	}
};
