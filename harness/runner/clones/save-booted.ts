import {chmod, copyFile, mkdir, readdir} from 'node:fs/promises';
import path from 'node:path';
import {monotonicMs, wallClockMs} from '../../core/clock.ts';
import {type Deadline} from '../../core/deadline.ts';
import {type PortName, type RunEvent} from '../../core/events.ts';
import {createOverlay} from '../../image/overlay.ts';
import {
	type SavedMachine,
	bootLogsOf,
	diskOf,
	emptyOverlayOf,
	memoryOf,
	saveFacts,
	stateOf,
	writeAbout,
} from '../../machine/saved/saved-machine.ts';
import {type OpenGuest} from '../open-guest.ts';
import {type BootContext} from '../boot-guest.ts';

/**
 * Saves a booted machine, whose memory and disk lie in `directory` already. It is stopped afterwards and must not go on: what it
 * wrote from then on would be in every copy.
 * @throws HostError where QEMU or the disk does not let us
 */
export const saveBooted = async (
	{plan, candidate, net, artifacts}: BootContext,
	{running, shell, port: shellPort, guest}: OpenGuest,
	{
		directory,
		events,
		startedAt,
		deadline,
	}: {
		readonly directory: string;
		/** Of the boot. */
		readonly events: readonly RunEvent[];
		/** Its first instruction, monotonic ms. */
		readonly startedAt: number;
		readonly deadline: Deadline;
	},
): Promise<SavedMachine> => {
	// Everybody asks for both: no copy has to find out again.
	const facts = await guest.facts();
	const tools = await guest.toolbox();
	const helper = {...(await shell.saved()), port: shellPort.name};
	await running.save(stateOf(directory), deadline);
	await createOverlay({
		qemuImg: plan.qemu.imgPath,
		candidate,
		path: emptyOverlayOf(directory),
		signal: deadline.signal,
	});
	const received: Partial<Record<PortName, number>> = {};
	for (const port of running.ports) {
		port.flush();
		received[port.name] = port.received;
	}

	await keepLogs(artifacts.directory, bootLogsOf(directory));
	const about = {
		savedAt: wallClockMs(),
		bootMs: monotonicMs() - startedAt,
		shell: helper,
		facts: saveFacts(facts),
		tools,
		phases: running.machine.phases(),
		received,
		leaseMs: running.machine.leaseMs(),
		inLab: net.lab !== undefined,
		events: events.filter(({type}) => toldAgain.has(type)),
	};
	await writeAbout(directory, about);
	for (const file of [memoryOf(directory), stateOf(directory), diskOf(directory)]) {
		await chmod(file, 0o400);
	}

	return {directory, about};
};

const toldAgain: ReadonlySet<RunEvent['type']> = new Set(['note', 'phase-reached', 'access-tried', 'console-problem']);

/** Of this run alone, whoever tells of the boot again. */
const ofTheRun: ReadonlySet<string> = new Set(['events.jsonl', 'qemu.sh', 'result.json', 'copies']);

const keepLogs = async (from: string, to: string): Promise<void> => {
	await mkdir(to);
	const names = (await readdir(from)).filter((name) => !ofTheRun.has(name));
	await Promise.all(names.map(async (name) => copyFile(path.join(from, name), path.join(to, name))));
};
