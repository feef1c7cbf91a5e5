import {type Deadline} from '../../core/deadline.ts';
import {HostError} from '../../core/errors.ts';
import {architectureOf} from '../../image/build/architecture.ts';
import {type ToolboxImage, ensureToolbox} from '../../image/toolbox.ts';
import {type CommandRunner} from '../guest.ts';
import {type Machine} from '../scenario.ts';
import {
	type SeenDisk,
	awaitDisk,
	awaitGone,
	forget,
	lookAgain,
	parseDisk,
	parseUnpacked,
	shortOfMemory,
	unpackDisk,
} from './guest-commands.ts';
import {type Tools, type ToolVisit} from './visit.ts';

export type BringTools = {
	readonly guest: CommandRunner;
	/** Of its kernel, as `uname -m` tells it. */
	readonly architecture: string;
	readonly machine: Pick<Machine, 'plugDisk'>;
	readonly deadline: Deadline;
	/** How long the guest may take to see a disk come, or go. */
	readonly patienceMs: number;
};

/**
 * Plugs the toolbox into the running guest, has it unpacked into memory, and takes the disk away again. Each step is seen to from
 * both sides. A guest that does not see the disk by itself is told to look, so that it gets its tools all the same; one that keeps a
 * disk which is gone is told to forget it.
 * @throws the deadline's error, and what ends a run; what the guest failed to do is part of the result
 */
export const bringTools = async (options: BringTools): Promise<ToolVisit> => {
	const {guest, architecture, machine, deadline, patienceMs} = options;
	const image = await availableToolbox(architecture, deadline);
	if ('reason' in image) {
		return {kind: 'unavailable', ...image};
	}

	await using disk = await machine.plugDisk({id: 'toolbox', path: image.path});
	const {target} = disk;
	const run = async (command: string) => guest.run(command, {deadline});
	const seen = parseDisk((await run(awaitDisk(target, patienceMs))).text);
	const found = seen ?? parseDisk((await run(`${lookAgain(target)}\n${awaitDisk(target, patienceMs)}`)).text);
	const unpacked = await unpack(options, image, found);
	const {deletedMs} = await disk.unplug(deadline);
	const gone = seen === undefined ? undefined : (await run(awaitGone(target, patienceMs))).status === 0;
	if (found !== undefined && gone !== true) {
		await run(`${forget(target)}\n${awaitGone(target, patienceMs)}`);
	}

	return {kind: 'plugged', target, ...image, patienceMs, seen, deletedMs, gone, ...unpacked};
};

type Missing = {readonly reason: string; readonly hint: string | undefined};

const availableToolbox = async (machine: string, {signal}: Deadline): Promise<ToolboxImage | Missing> => {
	const architecture = architectureOf(machine);
	if (architecture === undefined) {
		return {reason: `there are no tools for a kernel that calls its machine ${machine}`, hint: undefined};
	}

	try {
		return await ensureToolbox(architecture, {signal});
	} catch (error) {
		if (error instanceof HostError) {
			return {reason: error.message, hint: error.hint};
		}

		throw error;
	}
};

type Unpacked = {readonly digest: string | undefined; readonly tools: Tools};

const unpack = async (
	{guest, deadline}: BringTools,
	image: ToolboxImage,
	disk: SeenDisk | undefined,
): Promise<Unpacked> => {
	if (disk === undefined) {
		return {
			digest: undefined,
			tools: {kind: 'none', reason: 'the guest did not find the disk that brings it', noMemory: false},
		};
	}

	const {text, stderr, status} = await guest.run(unpackDisk(disk.block, image), {deadline});
	const unpacked = parseUnpacked(text);
	if (status !== 0 || unpacked === undefined) {
		const words = stderr.trim().split('\n').at(-1) ?? '';
		const reason = words === '' ? `status ${status}` : words;
		return {
			digest: undefined,
			tools: {
				kind: 'none',
				reason: `the disk that brings it could not be unpacked (${reason})`,
				noMemory: status === shortOfMemory,
			},
		};
	}

	const {sha256, directory} = unpacked;
	const tools: Tools =
		sha256 === image.sha256
			? {kind: 'ready', directory}
			: {
					kind: 'none',
					reason: 'the guest read other bytes from the disk that brings it than the host put there',
					noMemory: false,
				};
	return {digest: sha256, tools};
};
