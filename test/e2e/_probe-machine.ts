import {truncate, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {dir} from 'tmp-promise';
import {RootShell} from '../../harness/console/root-shell.ts';
import {Deadline} from '../../harness/core/deadline.ts';
import {type ConsoleProblem} from '../../harness/core/events.ts';
import {createOverlay} from '../../harness/image/overlay.ts';
import {type Guest, createGuest} from '../../harness/machine/guest.ts';
import {type Machine, type OverrideOutcome} from '../../harness/machine/scenario.ts';
import {findQemu} from '../../harness/qemu/find-qemu.ts';
import {applyOverrides} from '../../harness/qemu/overrides.ts';
import {readPciHeader} from '../../harness/qemu/pci-config.ts';
import {bootProbe} from './_guest.ts';

export type ProbeMachine = AsyncDisposable & {
	readonly guest: Guest;
	readonly machine: Machine;
	readonly deadline: Deadline;
};

/** The probe on the cloud's machine, with an empty disk, as scenarios see both: shell on ttyS1, kernel given from outside. */
export const bootProbeMachine = async (
	options: Parameters<typeof bootProbe>[0] & {
		readonly boot?: Partial<Machine['boot']>;
		readonly problems?: readonly ConsoleProblem[];
	} = {},
): Promise<ProbeMachine> => {
	await using stack = new AsyncDisposableStack();
	const {path: directory, cleanup} = await dir({unsafeCleanup: true, prefix: 'bootwright-test-'});
	stack.defer(cleanup);
	const disk = {
		candidate: {path: path.join(directory, 'disk.raw')},
		overlay: {path: path.join(directory, 'overlay.qcow2')},
	};
	await writeFile(disk.candidate.path, '');
	await truncate(disk.candidate.path, 16 * 1024 * 1024);
	const binary = await findQemu();
	await createOverlay({qemuImg: binary.imgPath, candidate: disk.candidate, path: disk.overlay.path});
	const headers = new Map<string, Buffer>();
	let overrides: readonly OverrideOutcome[] = [];
	const probe = stack.use(
		await bootProbe({
			...options,
			disk: {...disk, ...options.disk},
			whileStopped: async (process, profile) => {
				const results = await applyOverrides(process, profile);
				overrides = results.map(({id, status, reason}) => ({
					id,
					applied: status === 'applied' || status === 'unneeded',
					reason,
				}));
				for (const fn of [0, 3]) {
					headers.set(`1.${fn}`, await readPciHeader(process.qmp, {slot: 1, function: fn}));
				}
			},
		}),
	);
	const deadline = stack.use(new Deadline({phase: 'scenarios', budgetMs: 120_000}));
	const shellPort = probe.ports.find(({name}) => name === 'ttyS1') ?? probe.ports[0]!;
	// What is typed before somebody has opened the port is lost, and may stall it.
	await shellPort.expect('# ', deadline, {what: "the shell's prompt"});
	const shell = stack.use(await RootShell.open(shellPort, deadline));
	const {qmp} = probe.process;
	const kept = stack.move();
	return {
		guest: createGuest(shell, {shellPort: shellPort.name, deadline}),
		deadline,
		machine: {
			facts: {
				profile: 'gce',
				accelerator: 'tcg',
				acceleratorReason: 'test',
				qemu: binary.version.text,
				vcpus: 2,
				memoryMiB: 2048,
			},
			qmp: async (command, args) => qmp.execute(command, args),
			monitor: async (line) => qmp.humanMonitor(line),
			pciConfig: async ({slot, function: fn, offset, width}) =>
				headers.get(`${slot}.${fn}`)?.readUIntLE(offset, width) ?? 2 ** (8 * width) - 1,
			overrides,
			port: (name) => probe.ports.find((port) => port.name === name),
			problems: () => options.problems ?? [],
			phases: () => [
				{name: 'firmware', ms: 300},
				{name: 'kernel', ms: 900},
				{name: 'userspace', ms: 3000},
				{name: 'access', ms: 3600},
			],
			boot: {directKernel: true, ...options.boot},
		},
		[Symbol.asyncDispose]: async () => kept[Symbol.asyncDispose](),
	};
};
