import {readFile, stat, writeFile} from 'node:fs/promises';
import {crc32} from 'node:zlib';
import {execa} from 'execa';
import {z} from 'zod';
import {HostError, messageOf} from '../../core/errors.ts';
import {askWorker} from '../../image/ask-worker.ts';

/** What a memory file holds where it has no hole: pairs of a piece's number and the CRC-32 of its bytes. */
export type MemoryCheck = Uint32Array;

/** A piece of the file; small, so that what a guest never touched is neither read nor kept. */
export const pieceBytes = 64 * 1024;

const worker = new URL('memory-check-worker.ts', import.meta.url);

/** Reads what a memory file holds, in a thread of its own; its holes, most of it, are passed over. @param qemuImg knows where they are */
export const checkMemory = async (file: string, qemuImg: string): Promise<MemoryCheck> =>
	inWorker({file, pieceBytes, pieces: piecesOf(await dataRanges(file, qemuImg))});

const ranges = z.array(z.object({start: z.int(), length: z.int(), data: z.boolean()}));

/** Node has no lseek(2): `qemu-img map` has (SEEK_DATA), for `-f raw`. */
const dataRanges = async (file: string, qemuImg: string): Promise<z.infer<typeof ranges>> => {
	const {stdout} = await execa(qemuImg, ['map', '--output=json', '-f', 'raw', '--', file]);
	return ranges.parse(JSON.parse(stdout)).filter(({data}) => data);
};

const piecesOf = (data: z.infer<typeof ranges>): Uint32Array => {
	const pieces = new Set<number>();
	for (const {start, length} of data) {
		for (let piece = Math.floor(start / pieceBytes); piece * pieceBytes < start + length; piece++) {
			pieces.add(piece);
		}
	}

	return Uint32Array.from(pieces);
};

/**
 * Whether a memory file holds what its check says. The pieces that held anything are read again. That its holes are holes still is known by
 * the file's ctime, at no cost: whoever writes into one makes it later than the check was written (and nobody can set it back). Where it
 * is later, be it by a write, another mode or a move to another disk, the holes are looked for again. The number of blocks would not do: file
 * systems allocate them after the write, count their own records among them, and a copy of the file has others.
 * @param checkFile of `writeCheck`
 * @throws where one of them cannot be read
 */
export const memoryUnchanged = async (file: string, checkFile: string, qemuImg: string): Promise<boolean> => {
	const kept = await readCheck(checkFile);
	const [memory, check] = await Promise.all([stat(file, {bigint: true}), stat(checkFile, {bigint: true})]);
	return memory.ctimeNs >= check.mtimeNs
		? isSame(notZero(await checkMemory(file, qemuImg)), notZero(kept))
		: isSame(await inWorker({file, pieceBytes, pieces: kept.filter((_, index) => index % 2 === 0)}), kept);
};

const isSame = (a: MemoryCheck, b: MemoryCheck): boolean =>
	a.length === b.length && a.every((value, index) => value === b[index]);

const zeroCheck = crc32(Buffer.alloc(pieceBytes));

/** A piece of zeros is as good as a hole. */
const notZero = (check: MemoryCheck): MemoryCheck => check.filter((_, index) => check[index | 1] !== zeroCheck);

export const writeCheck = async (file: string, check: MemoryCheck): Promise<void> => writeFile(file, check);

/** @throws where it cannot be read */
export const readCheck = async (file: string): Promise<MemoryCheck> => {
	const bytes = await readFile(file);
	return new Uint32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
};

export type CheckOrder = {
	readonly file: string;
	readonly pieceBytes: number;
	readonly pieces: Uint32Array;
};

const inWorker = async (order: CheckOrder): Promise<MemoryCheck> => {
	try {
		return await askWorker<MemoryCheck>(worker, order);
	} catch (error) {
		throw new HostError(`Cannot read ${order.file}: ${messageOf(error)}`, {cause: error});
	}
};
