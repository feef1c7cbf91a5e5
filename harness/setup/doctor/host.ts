import {mkdir, readFile, statfs} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {messageOf} from '../../core/errors.ts';
import type {Check} from './check.ts';

const gib = 2 ** 30;

/** Two reference images, the appliance, and one that is being built beside them. */
const wantedDisk = 6 * gib;

/** The guest's 2 GiB, and QEMU and the harness around it. */
const wantedMemory = 2.5 * gib;

/** Node, disk space, memory, and what stands at the other end of the terminal. */
export const checkHost = async ({
	cache,
	terminal,
}: {
	readonly cache: string;
	readonly terminal: {readonly isTTY?: boolean | undefined; readonly columns?: number | undefined};
}): Promise<readonly Check[]> => [
	{id: 'node', title: 'Node', ok: true, essential: true, found: process.versions.node},
	await checkSpace('disk.cache', 'Disk, cache', cache),
	await checkSpace('disk.temporary', 'Disk, temporary', os.tmpdir()),
	await checkMemory(),
	{
		id: 'terminal',
		title: 'Terminal',
		ok: true,
		essential: false,
		found: terminal.isTTY === true ? `${terminal.columns ?? 80} columns` : 'none: plain reports, no colours',
	},
];

const checkSpace = async (id: string, title: string, directory: string): Promise<Check> => {
	const base = {id, title, essential: false};
	try {
		await mkdir(directory, {recursive: true});
		const {bavail, bsize} = await statfs(directory);
		const free = bavail * bsize;
		const found = `${(free / gib).toFixed(1)} GiB free in ${directory}`;
		const cure = `Free ${(wantedDisk / gib).toFixed(0)} GiB there, or set ${id === 'disk.cache' ? 'XDG_CACHE_HOME' : 'TMPDIR'} to another place.`;
		return {...base, ok: free >= wantedDisk, found, ...(!(free >= wantedDisk) && {cure})};
	} catch (error) {
		return {...base, ok: false, found: messageOf(error), cure: `mkdir -p ${path.dirname(directory)}`};
	}
};

/** What the kernel could give without swapping (proc(5), MemAvailable). */
const checkMemory = async (): Promise<Check> => {
	const text = await readFile('/proc/meminfo', 'utf8');
	const available = Number(/^MemAvailable:\s*(\d+) kB/m.exec(text)?.[1] ?? 0) * 1024;
	const ok = available >= wantedMemory;
	return {
		id: 'memory',
		title: 'Memory',
		ok,
		essential: false,
		found: `${(available / gib).toFixed(1)} GiB available, ${os.availableParallelism()} processors`,
		cure: ok ? undefined : 'End something else, or give the machine less with a profile of your own (memoryMiB).',
	};
};
