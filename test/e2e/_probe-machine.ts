import {truncate, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {dir} from 'tmp-promise';
import {RootShell} from '../../harness/console/root-shell.ts';
import {Deadline} from '../../harness/core/deadline.ts';
import {ensureImage} from '../../harness/image/build.ts';
import {createOverlay} from '../../harness/image/overlay.ts';
import {type Lab} from '../../harness/lab/open-lab.ts';
import {type Guest, createGuest} from '../../harness/machine/guest.ts';
import {type Machine} from '../../harness/machine/scenario.ts';
import {startMachine} from '../../harness/machine/start.ts';
import {bringTools} from '../../harness/machine/toolbox/bring-tools.ts';
import {loadProfile} from '../../harness/profile/load.ts';
import {findQemu} from '../../harness/qemu/find-qemu.ts';

export type ProbeMachine = AsyncDisposable & {
	readonly guest: Guest;
	readonly machine: Machine;
	readonly deadline: Deadline;
};

/**
 * The probe's kernel and ramdisk on the cloud's machine, with an empty disk, as scenarios see them: shell on ttyS1, and the
 * kernel given from outside, which saves the boot loader's seconds.
 * @param options.overrides laid over the profile
 * @param options.kernelConfigFile as `--config` gives it
 */
export const bootProbeMachine = async (
	options: {
		readonly overrides?: unknown;
		readonly kernelConfigFile?: string;
		/** How long the guest may take to see a disk come or go. */
		readonly plugMs?: number;
		readonly lab?: Lab;
		/** Instead of the probe's own. */
		readonly kernel?: {readonly path: string; readonly initrd: string};
		/** More words for the kernel. */
		readonly append?: string;
	} = {},
): Promise<ProbeMachine> => {
	await using stack = new AsyncDisposableStack();
	const {path: directory, cleanup} = await dir({unsafeCleanup: true, prefix: 'bootwright-test-'});
	stack.defer(cleanup);
	const probe = await ensureImage('probe');
	const qemu = await findQemu();
	const candidate = {path: path.join(directory, 'disk.raw')};
	const overlay = {path: path.join(directory, 'overlay.qcow2')};
	await writeFile(candidate.path, '');
	await truncate(candidate.path, 16 * 1024 * 1024);
	await createOverlay({qemuImg: qemu.imgPath, candidate, path: overlay.path});
	const running = stack.use(
		await startMachine({
			profile: await loadProfile('gce', {overrides: options.overrides}),
			qemu,
			accelerator: {accelerator: 'tcg', reason: 'a test'},
			run: {
				candidate,
				overlay,
				runDirectory: directory,
				kernel: {
					path: path.join(probe.directory, 'vmlinuz'),
					initrd: path.join(probe.directory, 'initrd.img'),
					append: `${probe.manifest.append} ${options.append ?? ''}`,
					...options.kernel,
				},
			},
			logDirectory: directory,
			timeoutScale: 1,
			network: options.lab && {kind: 'lab', lab: options.lab},
			boot: {directKernel: true, kernelConfigFile: options.kernelConfigFile},
		}),
	);
	const deadline = stack.use(new Deadline({phase: 'scenarios', budgetMs: 240_000, signal: running.ended}));
	await running.start();
	const port = running.ports.find(({name}) => name === 'ttyS1') ?? running.ports[0]!;
	// What is typed before somebody has opened the port is lost, and may stall it.
	await port.expect('# ', deadline, {what: "the shell's prompt"});
	const shell = stack.use(await RootShell.open(port, deadline));
	running.opened();
	const kept = stack.move();
	return {
		guest: createGuest(shell, {
			shellPort: port.name,
			deadline,
			bringTools: async (guest, {architecture}, own = deadline) =>
				bringTools({
					guest,
					architecture,
					machine: running.machine,
					deadline: own,
					patienceMs: options.plugMs ?? 5000,
				}),
		}),
		machine: running.machine,
		deadline,
		[Symbol.asyncDispose]: async () => kept[Symbol.asyncDispose](),
	};
};
