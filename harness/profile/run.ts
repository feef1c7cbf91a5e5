import path from 'node:path';

/** What one start of the machine adds to its profile. Paths are absolute. */
export type QemuRun = {
	readonly accelerator: 'tcg' | 'kvm';
	/** The image, opened read-only as raw; with `overlay` absent there is no boot disk. */
	readonly candidate?: {readonly path: string} | undefined;
	/** The qcow2 file that takes the writes. */
	readonly overlay?: {readonly path: string} | undefined;
	/** QEMU's working directory; the sockets live here. */
	readonly runDirectory: string;
	/** The firmware's own log, from its debug port (I/O port 0x402). */
	readonly firmwareLog: string;
	/** Instead of the profile's. */
	readonly vcpus?: number | undefined;
	readonly memoryMiB?: number | undefined;
	/** Direct kernel boot. */
	readonly kernel?:
		| {
				readonly path: string;
				readonly initrd?: string | undefined;
				readonly append?: string | undefined;
		  }
		| undefined;
	/** More disks on the SCSI adapter, each a raw file. */
	readonly extraDisks?: readonly ExtraDisk[] | undefined;
	readonly network: NetworkBackend;
	/** The guest's memory as a file; without it QEMU's own. */
	readonly memory?: MemoryFile | undefined;
	/** The disk of a saved machine, a qcow2 file that is only read: candidate ← saved disk ← overlay. */
	readonly savedDisk?: {readonly path: string} | undefined;
	/** The machine waits for a saved state instead of its first instruction. */
	readonly incoming?: boolean | undefined;
	/** A socket of that name in the run's directory takes a debugger (gdb's remote protocol). */
	readonly gdb?: string | undefined;
};

/** `template`: the guest writes into the file. `private`: it sees the file's contents, and what it writes stays its own. */
export type MemoryFile = {readonly path: string; readonly use: 'template' | 'private'};

export type ExtraDisk = {
	/** Device id and node name. */
	readonly id: string;
	readonly path: string;
	readonly scsiId: number;
	readonly format: 'raw' | 'qcow2';
	readonly readOnly: boolean;
};

export type NetworkBackend =
	/** QEMU's own network: boots the image, reaches nothing outside. Offload tests on it are void. */
	| {readonly type: 'user'}
	/** A tap that exists already; with `vnetHdr` it passes virtio-net headers, without which QEMU withdraws every offload. */
	| {readonly type: 'tap'; readonly interface: string; readonly vnetHdr: boolean};

/** One option argument of QEMU: `key=value` pairs, commas inside a value doubled (qemu-options, "keyval"). */
export const option = (head: string, values: Readonly<Record<string, OptionValue>>): string =>
	[
		head,
		...Object.entries(values).flatMap(([key, value]) =>
			value === undefined || value === null ? [] : `${key}=${optionText(value)}`,
		),
	]
		.filter((part) => part !== '')
		.join(',');

type OptionValue = string | number | boolean | null | undefined;

const optionText = (value: string | number | boolean): string =>
	typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value).replaceAll(',', ',,');

/** A path as QEMU, sitting in the run's directory, should be told it. */
export const inRun = ({runDirectory}: QemuRun, file: string): string => {
	const relative = path.relative(runDirectory, file);
	return relative.startsWith('..') || path.isAbsolute(relative) ? file : relative;
};
