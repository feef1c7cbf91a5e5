import {mkdir, readFile, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {ConsolePort} from '../../console/port.ts';
import {abortable} from '../../core/abortable.ts';
import {type Deadline} from '../../core/deadline.ts';
import {HostError} from '../../core/errors.ts';
import {type CpioEntry, newcArchive, withParents} from '../../image/build/cpio.ts';
import {type BuiltImage} from '../../image/build.ts';
import {type QemuBinary} from '../../qemu/find-qemu.ts';
import {describeExit} from '../../qemu/qemu-exit.ts';
import {startQemu} from '../../qemu/start-qemu.ts';
import {type ApplianceDisk, applianceArguments} from './appliance-arguments.ts';

export type RunAppliance = {
	readonly appliance: BuiltImage;
	readonly qemu: QemuBinary;
	readonly accelerator: 'tcg' | 'kvm';
	readonly disks: readonly ApplianceDisk[];
	/** Goes into the appliance below /bootwright; `run` is what it runs. */
	readonly files: Readonly<Record<string, string>>;
	/** More archives of the appliance to lay behind its own, such as `tools.img`. */
	readonly archives?: readonly string[];
	/** Made here, and removed but for the logs. */
	readonly directory: string;
	readonly deadline: Deadline;
	readonly onPid?: ((pid: number) => void) | undefined;
};

/**
 * Boots the appliance once with some disks attached, and gives back all that it wrote to its console.
 * @throws HostError when QEMU fails; DeadlineError; the signal's reason
 */
export const runAppliance = async (options: RunAppliance): Promise<string> => {
	const {appliance, qemu, accelerator, disks, directory, deadline} = options;
	await mkdir(directory, {recursive: true});
	const initrd = path.join(directory, 'initrd.img');
	await writeFile(initrd, await ramdiskOf(options));
	try {
		await using process = await startQemu({
			binary: qemu,
			arguments: applianceArguments({
				accelerator,
				kernel: path.join(appliance.directory, 'vmlinuz'),
				initrd,
				append: appliance.manifest.append,
				disks,
			}),
			runDirectory: directory,
			qmpLog: path.join(directory, 'qmp.log'),
			signal: deadline.signal,
			onPid: options.onPid,
		});
		await using port = await ConsolePort.connect({
			name: 'ttyS0',
			socketPath: path.join(directory, 'ttyS0.sock'),
			logPath: path.join(directory, 'console.log'),
			timingPath: path.join(directory, 'console.timing'),
			signal: deadline.signal,
		});
		await process.qmp.execute('cont');
		const exit = await abortable(process.exited, deadline.signal);
		await abortable(port.closed, deadline.signal);
		if (exit.code !== 0) {
			throw new HostError(`QEMU failed while a shell was added to the image (${describeExit(exit)})`);
		}

		return port.since(0).bytes.toString('latin1');
	} finally {
		// What stays is what a person may want to read: the console and the monitor's log.
		for (const name of ['initrd.img', 'qmp.sock', 'ttyS0.sock']) {
			await rm(path.join(directory, name), {force: true});
		}
	}
};

/** The kernel unpacks archives laid end to end as one tree. */
const ramdiskOf = async ({appliance, archives = [], files}: RunAppliance): Promise<Buffer> => {
	const parts = await Promise.all(
		['initrd.img', ...archives].map(async (name) => readFile(path.join(appliance.directory, name))),
	);
	const entries = Object.entries(files).map(([name, content]): CpioEntry => ({
		type: 'file',
		path: `bootwright/${name}`,
		content,
	}));
	return Buffer.concat([...parts, newcArchive(withParents(entries))]);
};
