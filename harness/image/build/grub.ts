import {open, readFile, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {HostError} from '../../core/errors.ts';
import {firstSector, masterBootRecord, sectorBytes} from './partition-table.ts';
import type {ToolOptions} from './tool.ts';
import type {TreeTools} from './tree-tools.ts';

/** Where grub-pc-bin puts what a BIOS boots. */
const modulesDirectory = 'usr/lib/grub/i386-pc';

/** All that grub.cfg and its file system need: the core is the whole loader, nothing is loaded after it. */
const modules = [
	'biosdisk',
	'part_msdos',
	'ext2',
	'search_fs_uuid',
	'normal',
	'configfile',
	'linux16',
	'boot',
	'serial',
	'terminal',
	'echo',
	'test',
	'sleep',
	'halt',
	'reboot',
	'ls',
	'cat',
	'minicmd',
];

export type GrubTarget = {
	readonly disk: string;
	readonly diskBytes: number;
	readonly diskId: string;
	/** UUID of the file system that holds /boot/grub/grub.cfg. */
	readonly uuid: string;
	/** Folder for files that are only needed meanwhile. */
	readonly work: string;
	readonly tools: TreeTools;
	readonly options: ToolOptions;
};

/**
 * Makes a disk bootable by a BIOS: boot.img in sector 0, with the partition table, and a core image from sector 1,
 * which is where an unpatched boot.img looks for it (grub-core/boot/i386/pc/boot.S, `kernel_sector`).
 */
export const installGrub = async ({disk, diskBytes, diskId, uuid, work, tools, options}: GrubTarget): Promise<void> => {
	const config = path.join(work, 'grub-core.cfg');
	const core = path.join(work, 'grub-core.img');
	// In the core, so that even "file system not found" is heard on the serial port.
	await writeFile(
		config,
		[
			'serial --unit=0 --speed=38400',
			'terminal_input serial',
			'terminal_output serial',
			`search.fs_uuid ${uuid} root`,
			"set prefix=($root)'/boot/grub'",
			'',
		].join('\n'),
	);
	const installed = path.join(tools.root, modulesDirectory);
	const args = ['-O', 'i386-pc', '-d', installed, '-c', config, '-p', '(hd0,msdos1)/boot/grub', '-o', core];
	await tools.run('usr/bin/grub-mkimage', [...args, ...modules], options);
	const coreImage = await readFile(core);
	if (coreImage.length > (firstSector - 1) * sectorBytes) {
		throw new HostError(`GRUB's core image has ${coreImage.length} bytes and does not fit before the first partition`);
	}

	const bootCode = await readFile(path.join(installed, 'boot.img'));
	await using file = await open(disk, 'r+');
	await file.write(masterBootRecord({bootCode, diskId, diskBytes}), 0, undefined, 0);
	await file.write(coreImage, 0, undefined, sectorBytes);
	await Promise.all([config, core].map(async (temporary) => rm(temporary)));
};

/** Where the core image looks for its menu. */
export const menuPath = 'boot/grub/grub.cfg';

/**
 * A menu with one entry that starts at once and waits for no key.
 * `linux16` and not `linux`: GRUB 2.06 allots all that the kernel will need (51 MiB) at 1 MiB and at the end moves it to the
 * kernel's own address, byte by byte (grub-core/lib/relocator.c), which takes an emulated CPU three seconds.
 */
export const grubConfig = ({
	kernel,
	initrd,
	append,
}: {
	readonly kernel: string;
	readonly initrd: string;
	readonly append: string;
}): string => `set timeout=0
set default=0
menuentry 'Linux' {
	linux16 ${kernel} ${append}
	initrd16 ${initrd}
}
`;
