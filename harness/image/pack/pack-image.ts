import {createWriteStream} from 'node:fs';
import {rename, stat} from 'node:fs/promises';
import path from 'node:path';
import {pipeline} from 'node:stream/promises';
import {HostError, UsageError, messageOf} from '../../core/errors.ts';
import {type Candidate} from '../candidate.ts';
import {hashCandidate} from '../hash.ts';
import {recallDigest} from '../known-digest.ts';
import {longerCopy} from '../longer-copy.ts';
import {freeSpaceIn, isDiskFull} from '../overlay-space.ts';
import {isSameFile} from '../same-file.ts';
import {compressor} from './compressor.ts';
import {gibibyte, isWholeGiB, sizeRule, startPacking} from './import-archive.ts';
import {lookIntoGzip} from './look-into-archive.ts';
import {type Programs} from './programs.ts';
import {type WorkFolder, openWorkFolder} from './work-folder.ts';

export type Packed = {
	readonly path: string;
	/** Of the archive, and of the disk in it. */
	readonly bytes: number;
	readonly diskBytes: number;
	/** Of the disk; what the archive unpacks to had the same. */
	readonly sha256: string;
	readonly compressor: string;
};

export type PackImage = {
	readonly to: string;
	/** Zeros after the disk's end, up to a whole number of GiB. */
	readonly pad: boolean;
	readonly level: number;
	/** Writes over a file that is there. */
	readonly force: boolean;
	readonly signal: AbortSignal;
};

/**
 * Writes the import archive of an image, whole or not at all, and proves that it unpacks to the same bytes.
 * @throws UsageError where the size is not what the import takes, where the archive cannot be written there, or would take the image's
 *   place; HostError for a full disk, a missing program, an archive that is wrong
 */
export const packImage = async (candidate: Candidate, {to, pad, level, force, signal}: PackImage): Promise<Packed> => {
	const {bytes, origin} = candidate;
	await checkTarget(to, {candidate, force});
	if (!isWholeGiB(bytes) && !pad) {
		throw new UsageError(`${origin.path} has ${bytes} bytes; the import takes ${sizeRule}`, {
			hint: `--pad adds ${paddingOf(bytes)} bytes of zeros to the disk in the archive; the image itself is not written`,
		});
	}

	const directory = path.dirname(path.resolve(to));
	await using folder = await openFolderIn(directory, to);
	try {
		const part = path.join(folder.path, 'archive');
		const copy = path.join(folder.path, 'padded');
		const disk = isWholeGiB(bytes)
			? candidate
			: await longerCopy(candidate.path, {to: copy, extraBytes: paddingOf(bytes), signal});
		const gzip = await compressor();
		// Read at the same time: one of the two finds its bytes in memory.
		const hashing = disk === candidate ? digestOf(candidate, signal) : hashCandidate(disk, signal);
		hashing.catch(() => undefined);
		{
			await using packing = await startPacking(disk.path, {bytes: disk.bytes, gzip, level, signal});
			await writeTo(part, packing, signal);
		}

		const sha256 = await hashing;
		const content = await lookIntoGzip(part, {gzip, signal});
		if (content.sha256 !== sha256 || content.names.join(' ') !== 'disk.raw') {
			throw new HostError(
				`The archive unpacks to ${content.names.join(' ')} with SHA-256 ${content.sha256}, not to disk.raw with ${sha256}`,
				{hint: `Was ${origin.path} written to meanwhile?`},
			);
		}

		await rename(part, to);
		const {size} = await stat(to);
		return {path: path.resolve(to), bytes: size, diskBytes: content.bytes, sha256, compressor: gzip};
	} catch (error) {
		signal.throwIfAborted();
		throw isDiskFull(messageOf(error))
			? new HostError(`No space left for ${to} (${await freeSpaceIn(directory)} free)`, {cause: error})
			: error;
	}
};

const checkTarget = async (
	to: string,
	{candidate, force}: {readonly candidate: Candidate; readonly force: boolean},
): Promise<void> => {
	if (await isSameFile(to, candidate.path)) {
		throw new UsageError(`${to} is the image itself, which is never written`, {
			hint: '--output FILE names another file',
		});
	}

	const found = await stat(to).catch(() => undefined);
	if (found?.isFile() === false) {
		throw new UsageError(`${to} is ${found.isDirectory() ? 'a directory' : 'no file that an archive could replace'}`);
	}

	if (found !== undefined && !force) {
		throw new UsageError(`${to} is there already`, {hint: '--force writes over it, --output FILE goes elsewhere'});
	}
};

const openFolderIn = async (directory: string, to: string): Promise<WorkFolder> => {
	try {
		return await openWorkFolder(directory);
	} catch (error) {
		throw isDiskFull(messageOf(error))
			? new HostError(`No space left for ${to} (${await freeSpaceIn(directory)} free)`, {cause: error})
			: new UsageError(`${to} cannot be written: ${messageOf(error)}`, {cause: error});
	}
};

const digestOf = async (candidate: Candidate, signal: AbortSignal): Promise<string> =>
	(await recallDigest(candidate)) ?? hashCandidate(candidate, signal);

const paddingOf = (bytes: number): number => Math.ceil(bytes / gibibyte) * gibibyte - bytes;

const writeTo = async (file: string, {stdout, done}: Programs, signal: AbortSignal): Promise<void> => {
	await pipeline(stdout, createWriteStream(file), {signal});
	await done;
};
