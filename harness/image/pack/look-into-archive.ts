import {createHash} from 'node:crypto';
import {open} from 'node:fs/promises';
import {type Readable} from 'node:stream';
import {type Compressor} from './compressor.ts';
import {startPrograms} from './programs.ts';

/** What an archive turned out to hold. */
export type ArchiveContent = {
	/** Of its members, in order. */
	readonly names: readonly string[];
	/** Which tar wrote it, by the magic of its first header (GNU tar, "Basic Tar Format"). */
	readonly format: 'GNU' | 'POSIX' | 'unknown';
	/** Of everything that it unpacks to. */
	readonly sha256: string;
	readonly bytes: number;
};

/**
 * Unpacks a tar, keeping nothing of it but a digest.
 * @param tar its bytes, no longer compressed
 * @throws HostError with what tar says where it is none; the signal's reason when it is aborted
 */
export const lookIntoArchive = async (
	tar: Readable,
	{signal}: {readonly signal?: AbortSignal | undefined} = {},
): Promise<ArchiveContent> => {
	let head = Buffer.alloc(0);
	tar.on('data', (chunk: Buffer) => {
		head = head.length < magicEnd ? Buffer.concat([head, chunk.subarray(0, 512)]) : head;
	});
	// With the files on its output it tells their names on standard error.
	const unpack = startPrograms([['tar', '--extract', '--verbose', '--to-stdout', '--file=-']], {stdin: tar, signal});
	const hash = createHash('sha256');
	let bytes = 0;
	unpack.stdout.on('data', (chunk: Buffer) => {
		hash.update(chunk);
		bytes += chunk.length;
	});
	await unpack.done;
	const names = unpack
		.words()
		.split('\n')
		.filter((line) => line !== '');
	return {names, format: formatOf(head), sha256: hash.digest('hex'), bytes};
};

/** The same for a file that is compressed with gzip. */
export const lookIntoGzip = async (
	file: string,
	{gzip, signal}: {readonly gzip: Compressor; readonly signal?: AbortSignal | undefined},
): Promise<ArchiveContent> => {
	await using handle = await open(file);
	const unzip = startPrograms([[gzip, '-d', '-c']], {stdin: handle.fd, signal});
	const content = await lookIntoArchive(unzip.stdout, {signal});
	await unzip.done;
	return content;
};

const magicAt = 257;
const magicEnd = magicAt + 8;

const formatOf = (head: Buffer): ArchiveContent['format'] => {
	const magic = head.toString('latin1', magicAt, magicEnd);
	return magic === 'ustar  \0' ? 'GNU' : magic.startsWith('ustar\0') ? 'POSIX' : 'unknown';
};
