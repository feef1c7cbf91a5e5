import {type FileHandle, open, readFile} from 'node:fs/promises';

/** The memory of one of our own children (proc(5), /proc/pid/mem). */
export type ProcessMemory = AsyncDisposable & {
	/** Addresses at which `pattern` stands in private writable anonymous memory, the heap first. */
	readonly find: (pattern: Buffer) => AsyncIterable<number>;
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
		find: (pattern) => findIn({file, pid, pattern}),
		read: async (address, bytes) => readAt(file, address, bytes),
		write: async (address, bytes) => {
			await file.write(bytes, 0, bytes.byteLength, address);
		},
		[Symbol.asyncDispose]: async () => file.close(),
	};
};

type Region = {readonly start: number; readonly end: number; readonly heap: boolean};

/** QEMU keeps devices and firmware blobs in small mappings; the guest's memory and the code cache are far larger and not searched. */
const largestRegion = 64 * 2 ** 20;

/** Lines of /proc/pid/maps that can hold QEMU's own data, the heap first. User addresses have 47 bits: a number holds them. */
export const searchableRegions = (maps: string): readonly Region[] =>
	maps
		.split('\n')
		.flatMap((line) => {
			const {start, end, name} =
				/^(?<start>[\da-f]+)-(?<end>[\da-f]+) rw-p [\da-f]+ 00:00 0\s*(?<name>.*)$/u.exec(line)?.groups ?? {};
			return start === undefined ||
				end === undefined ||
				(name !== '' && name !== '[heap]' && !name?.startsWith('[anon'))
				? []
				: {start: Number.parseInt(start, 16), end: Number.parseInt(end, 16), heap: name === '[heap]'};
		})
		.filter(({start, end}) => end - start <= largestRegion)
		.toSorted((a, b) => Number(b.heap) - Number(a.heap) || a.end - a.start - (b.end - b.start));

async function* findIn({
	file,
	pid,
	pattern,
}: {
	readonly file: FileHandle;
	readonly pid: number;
	readonly pattern: Buffer;
}): AsyncGenerator<number> {
	for (const {start, end} of searchableRegions(await readFile(`/proc/${pid}/maps`, 'utf8'))) {
		const bytes = await readAt(file, start, end - start);
		for (let at = bytes.indexOf(pattern); at !== -1; at = bytes.indexOf(pattern, at + 1)) {
			yield start + at;
		}
	}
}

/** What can be read of a range; a mapping may shrink between the list and the read. */
const readAt = async (file: FileHandle, address: number, bytes: number): Promise<Buffer> => {
	const buffer = Buffer.allocUnsafe(bytes);
	let filled = 0;
	while (filled < bytes) {
		const {bytesRead} = await file.read(buffer, filled, bytes - filled, address + filled).catch(() => ({bytesRead: 0}));
		if (bytesRead === 0) {
			break;
		}

		filled += bytesRead;
	}

	return buffer.subarray(0, filled);
};
