import {constants} from 'node:fs';
import {type FileHandle, open, stat} from 'node:fs/promises';
import nodePath from 'node:path';
import {UsageError} from '../core/errors.ts';
import {quoteShell} from '../core/shell-quote.ts';
import {type Candidate, bootabilityOf} from './candidate.ts';
import {identityOf} from './hash-identity.ts';
import {firstFileOf, isImportArchive, unpackArchive} from './inspect-archive.ts';
import {type ReadAt, sectorBytes} from './inspect-disk.ts';
import {foreignFormat} from './inspect-format.ts';
import {readLayout} from './inspect-layout.ts';
import {describeOpenError, describeWrongKind} from './inspect-problems.ts';

/** Covers every magic of inspect-format.ts and the first file's headers of an import archive. */
const headBytes = 0x1_10_00;

type Options = {
	/** The run's directory: where the disk of an import archive is unpacked to. Without it an archive is refused. */
	readonly unpackInto?: string | undefined;
	readonly signal?: AbortSignal | undefined;
};

/**
 * Looks at an image on the host, read-only, by its bytes alone.
 * @throws UsageError for everything that is not a raw disk (or an import archive), with the command that makes one of it
 */
export const inspectCandidate = async (path: string, options: Options = {}): Promise<Candidate> => {
	const origin = nodePath.resolve(path);
	await using file = await openImage(path);
	const {head, size} = await headOf(file, path);
	if (!isImportArchive(head)) {
		return await inspectRaw(file, {shown: path, path: origin, origin: {kind: 'raw', path: origin}, head, size});
	}

	if (options.unpackInto === undefined) {
		throw new UsageError(`${path} is an import archive; this command takes a raw disk`, {
			hint: `tar -xzSf ${quoteShell(path)} disk.raw`,
		});
	}

	const unpacked = nodePath.join(options.unpackInto, 'disk.raw');
	await unpackArchive(origin, {
		name: firstFileOf(head) ?? 'disk.raw',
		to: unpacked,
		directory: options.unpackInto,
		signal: options.signal,
	});
	await using disk = await openImage(unpacked);
	const shown = `disk.raw in ${path}`;
	return await inspectRaw(disk, {
		shown,
		path: unpacked,
		origin: {kind: 'archive', path: origin},
		...(await headOf(disk, shown)),
	});
};

const openImage = async (path: string): Promise<FileHandle> => {
	try {
		const found = await stat(path);
		const wrong = describeWrongKind(path, found);
		if (wrong !== undefined) {
			throw wrong;
		}

		// O_NONBLOCK: should the file have become a fifo by now, opening it must not wait for a writer.
		return await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
	} catch (error) {
		throw describeOpenError(path, error);
	}
};

const headOf = async (file: FileHandle, shown: string): Promise<{head: Buffer; size: number}> => {
	const {size} = await file.stat();
	if (size === 0) {
		throw new UsageError(`${shown} is empty (0 bytes)`);
	}

	return {head: await readAtOf(file)(0, headBytes), size};
};

const inspectRaw = async (
	file: FileHandle,
	image: {
		readonly shown: string;
		readonly path: string;
		readonly origin: Candidate['origin'];
		readonly head: Buffer;
		readonly size: number;
	},
): Promise<Candidate> => {
	const {shown, path, origin, head, size} = image;
	const read = readAtOf(file);
	const layout = await readLayout(read, size);
	const foreign = foreignFormat(shown, {
		head,
		tail: await read(Math.max(0, size - sectorBytes), sectorBytes),
		firstPartitionAt: Math.min(...layout.partitions.map(({start}) => start)),
	});
	if (foreign !== undefined) {
		const inside = foreign.name === 'gzip-compressed' ? firstFileOf(head) : undefined;
		throw new UsageError(
			inside === undefined
				? `${shown} is ${foreign.name}, not a raw disk`
				: `${shown} is a gzip-compressed tar archive that begins with "${inside}"; the import takes one with disk.raw alone`,
			foreign.convert === undefined || inside !== undefined ? {} : {hint: foreign.convert},
		);
	}

	if (size % sectorBytes !== 0) {
		throw new UsageError(`${shown} is ${size} bytes long, not a multiple of 512: a raw disk is made of whole sectors`, {
			hint: 'It may be cut short: compare its length and checksum with its source',
		});
	}

	const bootSector = head.subarray(0, sectorBytes);
	return {
		...layout,
		path,
		origin,
		bytes: size,
		identity: identityOf(await file.stat({bigint: true})),
		bootSector,
		bootable: bootabilityOf(bootSector, layout),
	};
};

const readAtOf =
	(file: FileHandle): ReadAt =>
	async (offset, length) => {
		const {bytesRead, buffer} = await file.read(Buffer.alloc(Math.max(0, length)), 0, Math.max(0, length), offset);
		return buffer.subarray(0, bytesRead);
	};
