import {readSync} from 'node:fs';
import {type FileHandle, open, readFile} from 'node:fs/promises';
import {type Region, dataRegions, residentParts} from './process-regions.ts';

/** The memory of one of our own children (proc(5), /proc/pid/mem). */
export type ProcessMemory = AsyncDisposable & {
	/** For each pattern the addresses at which it stands in private writable anonymous memory, those of the heap first. One pass for all. */
	readonly find: (patterns: readonly Buffer[]) => Promise<ReadonlyArray<readonly number[]>>;
	/** The same where a block of malloc(3) may begin, at multiples of 16, and in a tenth of the time. @param patterns of four bytes or more */
	readonly findBlocks: (patterns: readonly Buffer[]) => Promise<ReadonlyArray<readonly number[]>>;
	/** What can be read of a range. */
	readonly read: (address: number, bytes: number) => Promise<Buffer>;
	readonly write: (address: number, bytes: Uint8Array) => Promise<void>;
};

/**
 * Opens it for reading and writing. Allowed for a parent unless the host forbids it altogether (yama ptrace_scope ≥ 2, a container's policy).
 * @throws the system's error (EACCES, EPERM) where it is not permitted
 */
export const openProcessMemory = async (pid: number): Promise<ProcessMemory> => {
	const file = await open(`/proc/${pid}/mem`, 'r+');
	return {
		find: async (patterns) => findIn(file, pid, {patterns, lookThrough: everywhere}),
		findBlocks: async (patterns) => findIn(file, pid, {patterns, lookThrough: whereBlocksBegin}),
		read: async (address, bytes) => readAt(file, address, Buffer.alloc(bytes)),
		write: async (address, bytes) => {
			await file.write(bytes, 0, bytes.byteLength, address);
		},
		[Symbol.asyncDispose]: async () => file.close(),
	};
};

type Search = {
	readonly patterns: readonly Buffer[];
	/** Calls back for each place below `end` at which a pattern stands. */
	readonly lookThrough: (piece: Piece, onFound: (pattern: number, at: number) => void) => void;
};

/** Bytes read in one go; what a pattern needs of the next piece comes behind them, and no pattern starts there. */
type Piece = {readonly bytes: Buffer; readonly end: number; readonly patterns: readonly Buffer[]};

const findIn = async (file: FileHandle, pid: number, {patterns, lookThrough}: Search): Promise<readonly number[][]> => {
	const found = patterns.map((): number[] => []);
	const overlap = Math.max(0, ...patterns.map(({length}) => length - 1));
	const buffer = Buffer.alloc(pieceBytes + overlap);
	const regions = dataRegions(await readFile(`/proc/${pid}/maps`, 'utf8'));
	const resident = await residentParts(pid, regions);
	for (const {start, end} of pieces(resident)) {
		// Some milliseconds for all of it, of which each wait for a thread of the pool would cost more.
		const bytes = readNow(file.fd, start, buffer.subarray(0, end - start + overlap));
		lookThrough({bytes, end: Math.min(end - start, bytes.length), patterns}, (pattern, at) =>
			found[pattern]?.push(start + at),
		);
	}

	return found;
};

const everywhere: Search['lookThrough'] = ({bytes, end, patterns}, onFound) => {
	for (const [index, pattern] of patterns.entries()) {
		for (let at = bytes.indexOf(pattern); at !== -1 && at < end; at = bytes.indexOf(pattern, at + 1)) {
			onFound(index, at);
		}
	}
};

/** Of malloc(3) on 64-bit machines. */
const blockBytes = 16;

/** Pieces begin with a page; the first four bytes decide nearly always. */
const whereBlocksBegin: Search['lookThrough'] = ({bytes, end, patterns}, onFound) => {
	const words = new Uint32Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.length / 4));
	const step = blockBytes / 4;
	for (const [index, pattern] of patterns.entries()) {
		const first = new Uint32Array(Uint8Array.from(pattern.subarray(0, 4)).buffer)[0];
		for (let word = 0; word * 4 < end; word += step) {
			if (words[word] === first && bytes.compare(pattern, 0, undefined, word * 4, word * 4 + pattern.length) === 0) {
				onFound(index, word * 4);
			}
		}
	}
};

const pieceBytes = 2 ** 20;

const pieces = (regions: readonly Region[]): readonly Region[] =>
	regions.flatMap(({start, end}) =>
		Array.from({length: Math.ceil((end - start) / pieceBytes)}, (_, index) => ({
			start: start + index * pieceBytes,
			end: Math.min(end, start + (index + 1) * pieceBytes),
		})),
	);

/** Fills as much of the buffer as can be read; a mapping may end, or shrink between the list and the read. */
const readAt = async (file: FileHandle, address: number, buffer: Buffer): Promise<Buffer> => {
	let filled = 0;
	while (filled < buffer.length) {
		const {bytesRead} = await file
			.read(buffer, filled, buffer.length - filled, address + filled)
			.catch(() => ({bytesRead: 0}));
		if (bytesRead === 0) {
			break;
		}

		filled += bytesRead;
	}

	return buffer.subarray(0, filled);
};

/** As `readAt`, at once. */
const readNow = (fd: number, address: number, buffer: Buffer): Buffer => {
	let filled = 0;
	try {
		while (filled < buffer.length) {
			const bytesRead = readSync(fd, buffer, filled, buffer.length - filled, address + filled);
			if (bytesRead === 0) {
				break;
			}

			filled += bytesRead;
		}
	} catch {
		// EIO: the mapping ends here.
	}

	return buffer.subarray(0, filled);
};
