import {type FileHandle} from 'node:fs/promises';

/** Bytes of a file that are not all zero. */
export type Region = {readonly offset: number; readonly bytes: number};

/** The granule: a block in which one byte is not zero belongs to a region. */
export const sparseBlockBytes = 4096;
const chunkBytes = 1024 * 1024;
const zeros = Buffer.alloc(chunkBytes);

/** Where a file has bytes, by its content: which zeros are holes of its file system makes no difference. */
export const sparseMapOf = async (
	file: Pick<FileHandle, 'read'>,
	bytes: number,
	signal?: AbortSignal,
): Promise<readonly Region[]> => {
	const regions: Array<{offset: number; bytes: number}> = [];
	const add = (offset: number, length: number): void => {
		const last = regions.at(-1);
		if (last !== undefined && last.offset + last.bytes === offset) {
			last.bytes += length;
		} else {
			regions.push({offset, bytes: length});
		}
	};

	const buffer = Buffer.alloc(chunkBytes);
	for (let at = 0; at < bytes;) {
		signal?.throwIfAborted();
		const {bytesRead} = await file.read(buffer, 0, chunkBytes, at);
		if (bytesRead === 0) {
			throw new Error(`${bytes} bytes expected, ${at} read`);
		}

		const chunk = buffer.subarray(0, bytesRead);
		// Most chunks are zeros altogether: one comparison.
		for (let block = 0; !chunk.equals(zeros.subarray(0, bytesRead)) && block < bytesRead; block += sparseBlockBytes) {
			const part = chunk.subarray(block, block + sparseBlockBytes);
			if (!part.equals(zeros.subarray(0, part.length))) {
				add(at + block, part.length);
			}
		}

		at += bytesRead;
	}

	return regions;
};
