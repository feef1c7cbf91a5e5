import {type FileHandle} from 'node:fs/promises';
import {type Region, sparseMapOf} from './sparse-map.ts';

const blockBytes = 512;
/** tar reads and writes whole records (GNU tar, "Blocking Factor"). */
const recordBytes = 20 * blockBytes;
/** Entries of the sparse map in the header itself, and in each block that follows it. */
const inHeader = 4;
const inExtension = 21;

/**
 * The bytes of a tar in the old GNU format with a single file, `disk.raw`, whose zeros are left out (GNU tar manual, "Basic Tar Format",
 * `struct oldgnu_header` and `struct sparse_header`, type `S`). GNU tar itself calls a file sparse by its blocks on the file system: the same
 * bytes would give two archives. Nothing but content decides here.
 */
export async function* gnuTarOf(
	file: Pick<FileHandle, 'read'>,
	bytes: number,
	signal?: AbortSignal,
): AsyncGenerator<Buffer> {
	const regions = await sparseMapOf(file, bytes, signal);
	yield* headersOf(regions, bytes);
	let written = (1 + extensionsOf(entriesOf(regions, bytes).length)) * blockBytes;
	for (const region of regions) {
		for (let done = 0; done < region.bytes;) {
			signal?.throwIfAborted();
			const buffer = Buffer.allocUnsafe(Math.min(1024 * 1024, region.bytes - done));
			const {bytesRead} = await file.read(buffer, 0, buffer.length, region.offset + done);
			if (bytesRead === 0) {
				throw new Error(`${bytes} bytes expected, ${region.offset + done} read`);
			}

			yield buffer.subarray(0, bytesRead);
			done += bytesRead;
			written += bytesRead;
		}
	}

	// The rest of the last block, two blocks of zeros as the end, and the rest of the record.
	const end = Math.ceil(written / blockBytes) * blockBytes + 2 * blockBytes;
	yield Buffer.alloc(Math.ceil(end / recordBytes) * recordBytes - written);
}

/** One that ends with zeros needs an entry without bytes at its end. */
const entriesOf = (regions: readonly Region[], bytes: number): readonly Region[] => {
	const last = regions.at(-1);
	return last !== undefined && last.offset + last.bytes === bytes ? regions : [...regions, {offset: bytes, bytes: 0}];
};

const extensionsOf = (entries: number): number => Math.ceil(Math.max(0, entries - inHeader) / inExtension);

const headersOf = (regions: readonly Region[], bytes: number): readonly Buffer[] => {
	const entries = entriesOf(regions, bytes);
	const stored = regions.reduce((sum, region) => sum + region.bytes, 0);
	const extensions = Array.from({length: extensionsOf(entries.length)}, (_, index) => {
		const from = inHeader + index * inExtension;
		const block = Buffer.alloc(blockBytes);
		putEntries(block, 0, entries.slice(from, from + inExtension));
		block[inExtension * entryBytes] = Number(from + inExtension < entries.length);
		return block;
	});
	return [headerOf(entries, {stored, bytes}), ...extensions];
};

const at = {
	mode: 100,
	uid: 108,
	gid: 116,
	size: 124,
	mtime: 136,
	checksum: 148,
	type: 156,
	magic: 257,
	sparse: 386,
	isExtended: 482,
	realSize: 483,
} as const;
const entryBytes = 24;

const headerOf = (
	entries: readonly Region[],
	{stored, bytes}: {readonly stored: number; readonly bytes: number},
): Buffer => {
	const header = Buffer.alloc(blockBytes);
	header.write('disk.raw', 0, 'latin1');
	// Read by everybody, of root, of the epoch: nothing of this host.
	header.write('0000644\0', at.mode, 'latin1');
	header.write('0000000\0', at.uid, 'latin1');
	header.write('0000000\0', at.gid, 'latin1');
	putNumber(header, at.size, stored);
	putNumber(header, at.mtime, 0);
	header.write('S', at.type, 'latin1');
	header.write('ustar  \0', at.magic, 'latin1');
	putEntries(header, at.sparse, entries.slice(0, inHeader));
	header[at.isExtended] = Number(entries.length > inHeader);
	putNumber(header, at.realSize, bytes);
	// Summed up with spaces in its own place.
	header.fill(' ', at.checksum, at.checksum + 8);
	const sum = header.reduce((total, byte) => total + byte, 0);
	header.write(`${sum.toString(8).padStart(6, '0')}\0 `, at.checksum, 'latin1');
	return header;
};

const putEntries = (block: Buffer, from: number, entries: readonly Region[]): void => {
	for (const [index, {offset, bytes}] of entries.entries()) {
		putNumber(block, from + index * entryBytes, offset);
		putNumber(block, from + index * entryBytes + entryBytes / 2, bytes);
	}
};

/** Twelve bytes: eleven octal digits, or from 8 GiB on the number itself behind a set bit (GNU tar, "base-256"). */
const putNumber = (block: Buffer, position: number, value: number): void => {
	if (value < 8 ** 11) {
		block.write(`${value.toString(8).padStart(11, '0')}\0`, position, 'latin1');
		return;
	}

	block[position] = 0x80;
	block.writeBigUInt64BE(BigInt(value), position + 4);
};
