import {readFile, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import type {DiskPlan} from './recipe.ts';
import type {ToolOptions} from './tool.ts';
import type {TreeTools} from './tree-tools.ts';

/** GRUB's names of the firmware that starts it. */
export type GrubPlatform = 'i386-pc' | 'x86_64-efi';

/** Where grub-pc-bin and grub-efi-amd64-bin put their parts. */
export const grubDirectory = (platform: GrubPlatform): string => `usr/lib/grub/${platform}`;

/** All that grub.cfg and its file system need: the core is the whole loader, nothing is loaded after it. */
const modulesFor = (platform: GrubPlatform, {layout, filesystem}: Pick<DiskPlan, 'layout' | 'filesystem'>) => [
	...(platform === 'i386-pc' ? ['biosdisk'] : []),
	layout === 'mbr' ? 'part_msdos' : 'part_gpt',
	filesystem === 'ext4' ? 'ext2' : filesystem,
	'search_fs_uuid',
	'normal',
	'configfile',
	platform === 'i386-pc' ? 'linux16' : 'linux',
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

export type GrubCore = Pick<DiskPlan, 'layout' | 'filesystem'> & {
	/** UUID of the file system that holds /boot/grub/grub.cfg. */
	readonly uuid: string;
	/** Folder for files that are only needed meanwhile. */
	readonly work: string;
	readonly tools: TreeTools;
	readonly options: ToolOptions;
};

/** Makes the core image of GRUB for one kind of firmware: it finds the file system by its UUID and shows the menu there. */
export const grubCore = async (
	platform: GrubPlatform,
	{uuid, work, tools, options, ...plan}: GrubCore,
): Promise<Buffer> => {
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
	const parts = path.join(tools.root, grubDirectory(platform));
	const args = ['-O', platform, '-d', parts, '-c', config, '-p', '(hd0,msdos1)/boot/grub', '-o', core];
	await tools.run('usr/bin/grub-mkimage', [...args, ...modulesFor(platform, plan)], options);
	const image = await readFile(core);
	await Promise.all([config, core].map(async (temporary) => rm(temporary)));
	return image;
};
