import {readSync} from 'node:fs';
import {type FileHandle, open, readFile} from 'node:fs/promises';
import {type Place, placeOf, rangesNear} from './process-places.ts';
import {type Range, type Region, dataRegions, residentParts} from './process-regions.ts';

/** The memory of one of our own children (proc(5), /proc/pid/mem). */
export type ProcessMemory = AsyncDisposable & {
	/** For each pattern the addresses at which it stands in private writable anonymous memory, those of the heap first. One pass for all. */
	readonly find: (patterns: readonly Buffer[]) => Promise<ReadonlyArray<readonly number[]>>;
	/** The same near where each stood in another process of the same program (`placesOf`), in a tenth of the time. */
	readonly findNear: (
		patterns: readonly Buffer[],
		places: ReadonlyArray<readonly Place[]>,
	) => Promise<ReadonlyArray<readonly number[]>>;
	/** Where these addresses are in what the program asked the system for. */
	readonly placesOf: (addresses: readonly number[]) => Promise<readonly Place[]>;
	/** What can be read of a range. */
	readonly read: (address: number, bytes: number) => Buffer;
	readonly write: (address: number, bytes: Uint8Array) => Promise<void>;
};

/**
 * Opens it for reading and writing. Allowed for a parent unless the host forbids it altogether (yama ptrace_scope ≥ 2, a container's policy).
 * @throws the system's error (EACCES, EPERM) where it is not permitted
 */
export const openProcessMemory = async (pid: number): Promise<ProcessMemory> => {
	const file = await open(`/proc/${pid}/mem`, 'r+');
	return {
		find: async (patterns) => findIn(file, pid, patterns),
		findNear: async (patterns, places) => {
			const regions = await regionsOf(pid);
			return patterns.map((pattern, index) =>
				(places[index] ?? []).flatMap((place) =>
					rangesNear(place, {regions, bytes: pattern.length}).flatMap(({start, end}) =>
						occurrences(readNow(file.fd, start, Buffer.alloc(end - start)), pattern).map((at) => start + at),
					),
				),
			);
		},
		placesOf: async (addresses) => {
			const regions = await regionsOf(pid);
			return addresses.flatMap((address) => placeOf(address, regions) ?? []);
		},
		read: (address, bytes) => readNow(file.fd, address, Buffer.alloc(bytes)),
		write: async (address, bytes) => {
			await file.write(bytes, 0, bytes.byteLength, address);
		},
		[Symbol.asyncDispose]: async () => file.close(),
	};
};

const regionsOf = async (pid: number): Promise<readonly Region[]> =>
	dataRegions(await readFile(`/proc/${pid}/maps`, 'utf8'));

const findIn = async (file: FileHandle, pid: number, patterns: readonly Buffer[]): Promise<readonly number[][]> => {
	const found = patterns.map((): number[] => []);
	const overlap = Math.max(0, ...patterns.map(({length}) => length - 1));
	const buffer = Buffer.alloc(pieceBytes + overlap);
	const resident = await residentParts(pid, await regionsOf(pid));
	for (const {start, end} of pieces(resident)) {
		// What a pattern needs of the next piece is read with this one, and no pattern starts there.
		const bytes = readNow(file.fd, start, buffer.subarray(0, end - start + overlap));
		for (const [index, pattern] of patterns.entries()) {
			found[index]?.push(
				...occurrences(bytes, pattern)
					.filter((at) => at < end - start)
					.map((at) => start + at),
			);
		}
	}

	return found;
};

const occurrences = (bytes: Buffer, pattern: Buffer): readonly number[] => {
	const found: number[] = [];
	for (let at = bytes.indexOf(pattern); at !== -1; at = bytes.indexOf(pattern, at + 1)) {
		found.push(at);
	}

	return found;
};

const pieceBytes = 2 ** 20;

const pieces = (regions: readonly Range[]): readonly Range[] =>
	regions.flatMap(({start, end}) =>
		Array.from({length: Math.ceil((end - start) / pieceBytes)}, (_, index) => ({
			start: start + index * pieceBytes,
			end: Math.min(end, start + (index + 1) * pieceBytes),
		})),
	);

/**
 * Fills as much of the buffer as can be read; a mapping may end, or shrink between the list and the read. At once: a search takes some
 * milliseconds, of which waiting for each piece would make thirty.
 */
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
