import {open, readFile} from 'node:fs/promises';
import path from 'node:path';
import {HostError} from '../../core/errors.ts';
import {type GrubCore, grubCore, grubDirectory} from './grub-core.ts';
import {sectorBytes} from './partition-table.ts';
import type {DiskPlan} from './recipe.ts';

export type GrubTarget = GrubCore & {
	readonly disk: string;
	/** Sectors that the core image may take: behind the MBR, or a BIOS boot partition. */
	readonly room: {readonly start: number; readonly sectors: number};
};

/** Where boot.img keeps the sector of the core image, and that one's first sector where the rest of it lies (8 bytes each). */
const kernelSectorAt = 0x5c;
const blockListAt = 0x1_f4;

/**
 * Makes a disk bootable by a BIOS: the code of boot.img in sector 0, which keeps its partition table, and a core image where there is room.
 * Both say where the next part lies (grub-core/boot/i386/pc/boot.S, `kernel_sector`; diskboot.S, `blocklist_default_start`).
 * @throws HostError where the core image is too long
 */
export const installGrub = async (target: GrubTarget): Promise<void> => {
	const {disk, room, tools} = target;
	const core = await grubCore('i386-pc', target);
	if (core.length > room.sectors * sectorBytes) {
		throw new HostError(`GRUB's core image has ${core.length} bytes and does not fit before the first partition`);
	}

	const bootCode = await readFile(path.join(tools.root, grubDirectory('i386-pc'), 'boot.img'));
	bootCode.writeBigUInt64LE(BigInt(room.start), kernelSectorAt);
	core.writeBigUInt64LE(BigInt(room.start + 1), blockListAt);
	await using file = await open(disk, 'r+');
	await file.write(bootCode, 0, bootCodeBytes, 0);
	await file.write(core, 0, undefined, room.start * sectorBytes);
};

/** Behind it come the disk's signature and the partition table. */
const bootCodeBytes = 440;

/** Where the core image looks for its menu. */
export const menuPath = 'boot/grub/grub.cfg';

/**
 * A menu with one entry that starts at once and waits for no key.
 * For a BIOS `linux16` and not `linux`: GRUB 2.06 allots all that the kernel will need (51 MiB) at 1 MiB and at the end moves it to the
 * kernel's own address, byte by byte (grub-core/lib/relocator.c), which takes an emulated CPU three seconds.
 */
export const grubConfig = ({
	kernel,
	initrd,
	append,
	layout = 'mbr',
}: {
	readonly kernel: string;
	readonly initrd: string;
	readonly append: string;
	readonly layout?: DiskPlan['layout'] | undefined;
}): string => {
	const commands = (suffix: string): string => `	linux${suffix} ${kernel} ${append}\n	initrd${suffix} ${initrd}\n`;
	const body = {
		mbr: commands('16'),
		'gpt-uefi': commands(''),
		'gpt-both': `if [ "$grub_platform" = efi ]; then\n${commands('')}else\n${commands('16')}fi\n`,
	}[layout];
	return `set timeout=0
set default=0
menuentry 'Linux' {
${body}}
`;
};
