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

/** What firmware finds on the disk, as far as its layout says it. */
export type Bootability = {
	/** Sector 0 ends in 55 aa and holds boot code: a BIOS starts it. */
	readonly mbr: boolean;
	/** There is a GUID partition table; alone it is of no use to a BIOS. */
	readonly gpt: boolean;
	/** There is a FAT file system, in which alone UEFI looks for programs; whether there is one, the firmware will say. */
	readonly fat: boolean;
	readonly why: string;
};

/** An image that was looked at on the host and can be attached to a machine. Nothing of it was started or written. */
export type Candidate = DiskLayout & {
	/** Absolute path of the raw disk; for an import archive the copy that was unpacked for this run. */
	readonly path: string;
	/** What the person named, absolute; `empty` where nobody named a disk, and this one was made for the run. */
	readonly origin: {readonly kind: 'raw' | 'archive' | 'empty'; readonly path: string};
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
	const fat = [layout, ...layout.partitions].some(({filesystem}) => filesystem === 'vfat');
	const signature = bootSector.length >= 512 && bootSector.readUInt16LE(510) === 0xaa_55;
	if (!signature) {
		return {mbr: false, gpt, fat, why: 'sector 0 does not end in 55 aa'};
	}

	if (bootSector.subarray(0, bootCodeBytes).every((byte) => byte === 0)) {
		const why = gpt
			? 'sector 0 holds a protective partition table and no boot code (an image for UEFI alone)'
			: 'sector 0 ends in 55 aa but holds no boot code';
		return {mbr: false, gpt, fat, why};
	}

	return {mbr: true, gpt, fat, why: 'sector 0 holds boot code and ends in 55 aa'};
};

/**
 * What to report instead of starting a machine whose firmware cannot start the image (exit code 3: the guest cannot come up).
 * @returns undefined where it may
 */
export const whyNotStarted = (candidate: Candidate, firmware: {readonly uefi?: unknown}): GuestError | undefined => {
	const {origin, bootable} = candidate;
	if (firmware.uefi !== undefined) {
		return bootable.fat
			? undefined
			: new GuestError(
					'no-boot-sector',
					`${origin.path} has no boot loader that UEFI firmware could find: there is no FAT file system; found ${foundOn(candidate)}`,
					{
						hint: `Add an EFI system partition with a boot loader at EFI/BOOT/BOOTX64.EFI (grub-install --target=x86_64-efi --removable)${bootable.mbr ? '; or take a profile with a BIOS: --profile gce' : ''}`,
					},
				);
	}

	return bootable.mbr
		? undefined
		: new GuestError(
				'no-boot-sector',
				`${origin.path} has no boot sector: ${bootable.why}; found ${foundOn(candidate)}`,
				{
					hint: `Install a boot loader for BIOS into the image (grub-install --target=i386-pc, extlinux with its mbr.bin)${bootable.gpt && bootable.fat ? '; or take a profile with UEFI: --profile gce-uefi' : ''}`,
				},
			);
};

const foundOn = ({table, partitions, filesystem}: Candidate): string =>
	table !== 'none'
		? `${table.toUpperCase()} with ${partitions.length} partition${partitions.length === 1 ? '' : 's'}`
		: filesystem === undefined
			? 'no partition table and no file system known here'
			: `no partition table, ${filesystem} on the whole disk`;
