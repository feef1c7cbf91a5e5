import {readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {dir} from 'tmp-promise';
import {ConsolePort} from '../../harness/console/port.ts';
import {portNames} from '../../harness/core/events.ts';
import {type BuiltImage, ensureImage} from '../../harness/image/build.ts';
import {type CpioEntry, newcArchive, withParents} from '../../harness/image/build/cpio.ts';
import {qemuArguments} from '../../harness/profile/arguments.ts';
import {machineFiles} from '../../harness/profile/machine-files.ts';
import {loadProfile} from '../../harness/profile/load.ts';
import {type QemuRun} from '../../harness/profile/run.ts';
import {type Profile} from '../../harness/profile/schema.ts';
import {findQemu} from '../../harness/qemu/find-qemu.ts';
import {type QemuProcess, startQemu} from '../../harness/qemu/start-qemu.ts';

export type Guest = AsyncDisposable & {
	readonly ports: readonly ConsolePort[];
	readonly process: QemuProcess;
	readonly directory: string;
};

/** Boots the probe's kernel and ramdisk, with some files of it replaced, on the cloud's machine. */
export const bootProbe = async (
	options: {
		readonly files?: Readonly<Record<string, string>>;
		readonly overrides?: unknown;
		/** With `kernel: undefined` the disk's own boot loader starts. */
		readonly disk?: Pick<QemuRun, 'candidate' | 'overlay' | 'kernel'>;
		readonly append?: string;
		/** Called before the first instruction. */
		readonly whileStopped?: (process: QemuProcess, profile: Profile) => Promise<void>;
	} = {},
): Promise<Guest> => {
	const probe: BuiltImage = await ensureImage('probe');
	const {path: directory, cleanup} = await dir({unsafeCleanup: true, prefix: 'bootwright-test-'});
	const entries = Object.entries(options.files ?? {}).map(([name, content]): CpioEntry => {
		return {type: 'file', path: name, content, mode: 0o755};
	});
	const initrd = path.join(directory, 'initrd.img');
	await writeFile(
		initrd,
		Buffer.concat([await readFile(path.join(probe.directory, 'initrd.img')), newcArchive(withParents(entries))]),
	);
	const profile = await loadProfile('gce', {overrides: options.overrides});
	const process = await startQemu({
		binary: await findQemu(),
		arguments: qemuArguments(profile, {
			accelerator: 'tcg',
			runDirectory: directory,
			firmwareLog: path.join(directory, 'firmware.log'),
			kernel: {
				path: path.join(probe.directory, 'vmlinuz'),
				initrd,
				append: `${probe.manifest.append} ${options.append ?? ''}`,
			},
			network: {type: 'user'},
			...options.disk,
		}),
		runDirectory: directory,
		files: machineFiles(profile),
		qmpLog: path.join(directory, 'qmp.log'),
	});
	const ports = await Promise.all(
		portNames
			.filter((name) => profile.uarts[name] !== undefined)
			.map(async (name) =>
				ConsolePort.connect({
					name,
					socketPath: path.join(directory, `${name}.sock`),
					logPath: path.join(directory, `console-${name}.log`),
					timingPath: path.join(directory, `console-${name}.timing`),
				}),
			),
	);
	await options.whileStopped?.(process, profile);
	await process.qmp.execute('cont');
	return {
		ports,
		process,
		directory,
		async [Symbol.asyncDispose]() {
			await process[Symbol.asyncDispose]();
			await Promise.all(ports.map(async (port) => port[Symbol.asyncDispose]()));
			await cleanup();
		},
	};
};

/** A file out of an uncompressed "newc" archive (format: Documentation/driver-api/early-userspace/buffer-format.rst). */
export const fileInRamdisk = async (ramdisk: string, wanted: string): Promise<Buffer> => {
	const archive = await readFile(ramdisk);
	for (let at = 0; archive.toString('latin1', at, at + 6) === '070701';) {
		const field = (index: number): number =>
			Number.parseInt(archive.toString('latin1', at + 6 + index * 8, at + 14 + index * 8), 16);
		const [size, nameLength] = [field(6), field(11)];
		const name = archive.toString('latin1', at + 110, at + 110 + nameLength - 1);
		const data = Math.ceil((at + 110 + nameLength) / 4) * 4;
		if (name === wanted) {
			return archive.subarray(data, data + size);
		}

		at = Math.ceil((data + size) / 4) * 4;
	}

	throw new Error(`${ramdisk} holds no ${wanted}`);
};
