import {open} from 'node:fs/promises';

/** A range of addresses of a process; user addresses have 47 bits, a number holds them. */
export type Range = {readonly start: number; readonly end: number};

/** A mapping. */
export type Region = Range & {readonly heap: boolean};

/** QEMU keeps devices and firmware blobs in small mappings; the guest's memory and the code cache are far larger and not searched. */
const largestRegion = 64 * 2 ** 20;

/** The mappings of /proc/pid/maps that can hold a program's own data, the heap first, then the smaller before the larger. */
export const dataRegions = (maps: string): readonly Region[] =>
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

const pageBytes = 4096;
const entryBytes = 8;

/**
 * The parts of regions that hold anything: most of a thread's stack was never touched, and reading it would make the kernel map it.
 * Bits 62 and 63 of a page's entry: swapped, present (Documentation/admin-guide/mm/pagemap.rst). Where that file cannot be read, all of them.
 */
export const residentParts = async (pid: number, regions: readonly Range[]): Promise<readonly Range[]> => {
	try {
		await using file = await open(`/proc/${pid}/pagemap`, 'r');
		const parts: Range[] = [];
		for (const {start, end} of regions) {
			const entries = Buffer.alloc(((end - start) / pageBytes) * entryBytes);
			const {bytesRead} = await file.read(entries, 0, entries.length, (start / pageBytes) * entryBytes);
			parts.push(...runs(entries.subarray(0, bytesRead), start));
		}

		return parts;
	} catch {
		return regions;
	}
};

const runs = (entries: Buffer, start: number): readonly Range[] => {
	const found: Array<{start: number; end: number}> = [];
	for (let at = 0; at + entryBytes <= entries.length; at += entryBytes) {
		// Not by readUInt8: there are tens of thousands of them, and most are empty.
		if ((entries[at + entryBytes - 1] ?? 0) >>> 6 === 0) {
			continue;
		}

		const page = start + (at / entryBytes) * pageBytes;
		const last = found.at(-1);
		if (last?.end === page) {
			last.end += pageBytes;
		} else {
			found.push({start: page, end: page + pageBytes});
		}
	}

	return found;
};
