import {GuestError} from '../core/errors.ts';
import {type DiskLayout} from './inspect-disk.ts';

/** What tells one state of a file from another without reading it; times in nanoseconds since the Unix epoch. */
export type FileIdentity = {
	readonly dev: bigint;
	readonly ino: bigint;
	readonly size: bigint;
	readonly mtimeNs: bigint;
	readonly ctimeNs: bigint;
};

/** What firmware finds in the first sectors. The profile's firmware is a BIOS: it needs code in sector 0. */
export type Bootability = {
	/** Sector 0 ends in 55 aa and holds boot code: a BIOS starts it. */
	readonly mbr: boolean;
	/** There is a GUID partition table; alone it is of no use to a BIOS. */
	readonly gpt: boolean;
	readonly why: string;
};

/** An image that was looked at on the host and can be attached to a machine. Nothing of it was started or written. */
export type Candidate = DiskLayout & {
	/** Absolute path of the raw disk; for an import archive the copy that was unpacked for this run. */
	readonly path: string;
	/** What the person named, absolute. */
	readonly origin: {readonly kind: 'raw' | 'archive'; readonly path: string};
	readonly bytes: number;
	readonly identity: FileIdentity;
	/** Sector 0. */
	readonly bootSector: Buffer;
	readonly bootable: Bootability;
};

/** The partition table area is not boot code; the disk signature before it is not either. */
const bootCodeBytes = 440;

/** Judges sector 0 as SeaBIOS does (boot.c `boot_disk`: the signature must be there), and one step further: zeros are no code. */
export const bootabilityOf = (bootSector: Buffer, layout: DiskLayout): Bootability => {
	const gpt = layout.table === 'gpt';
	const signature = bootSector.length >= 512 && bootSector.readUInt16LE(510) === 0xaa_55;
	if (!signature) {
		return {mbr: false, gpt, why: 'sector 0 does not end in 55 aa'};
	}

	if (bootSector.subarray(0, bootCodeBytes).every((byte) => byte === 0)) {
		const why = gpt
			? 'sector 0 holds a protective partition table and no boot code (an image for UEFI alone)'
			: 'sector 0 ends in 55 aa but holds no boot code';
		return {mbr: false, gpt, why};
	}

	return {mbr: true, gpt, why: 'sector 0 holds boot code and ends in 55 aa'};
};

/** What to throw instead of starting a machine for an image that no BIOS can start (exit code 3: the guest cannot come up). */
export const noBootSectorError = ({origin, bootable, table, partitions, filesystem}: Candidate): GuestError => {
	const found =
		table !== 'none'
			? `${table.toUpperCase()} with ${partitions.length} partition${partitions.length === 1 ? '' : 's'}`
			: filesystem === undefined
				? 'no partition table and no file system known here'
				: `no partition table, ${filesystem} on the whole disk`;
	return new GuestError('no-boot-sector', `${origin.path} has no boot sector: ${bootable.why}; found ${found}`, {
		hint: 'Install a boot loader for BIOS into the image (grub-install --target=i386-pc, extlinux with its mbr.bin)',
	});
};
