import {mkdir} from 'node:fs/promises';
import path from 'node:path';
import {librariesOf} from './architecture.ts';
import type {DiskPlan} from './recipe.ts';
import {runTool, type ToolOptions} from './tool.ts';

/** Programs of an unpacked package tree, run on the host with the tree's own loader and libraries: the host's versions never come into it. */
export type TreeTools = {
	/** Root of what is unpacked: data files lie below it. */
	readonly root: string;
	/** The words that run it, by which another program may start it. */
	readonly command: (program: string) => readonly [string, ...string[]];
	/** Runs `sbin/mke2fs` and the like to the end, as {@link runTool} does. */
	readonly run: (program: string, args: readonly string[], options: ToolOptions) => Promise<string>;
};

/** They run on this host. */
const {loader, folders} = librariesOf('amd64');

/** What a BIOS starts from ext4 on an MBR disk takes few programs, which a tree of other uses has as well. */
const smallTools = ['./sbin/mke2fs', './sbin/debugfs', './usr/bin/grub-mkimage', './usr/lib/grub/i386-pc'];
const allTools = [
	...smallTools,
	'./usr/lib/grub/x86_64-efi',
	'./sbin/sfdisk',
	'./sbin/mkfs.*',
	'./usr/bin/mcopy',
	'./usr/bin/mtools',
	'./usr/sbin/xfs_db',
];

/** The tree whose programs make a disk, and what of it is needed. */
export const toolTreeOf = ({layout, filesystem}: Pick<DiskPlan, 'layout' | 'filesystem'>): ToolTree =>
	layout === 'mbr' && filesystem === 'ext4'
		? {name: 'parts', programs: smallTools}
		: {name: 'disk-tools', programs: allTools};

export type ToolTree = {readonly name: string; readonly programs: readonly string[]};

/**
 * Unpacks what {@link writeDisk} calls.
 * @param tree directory of a finished tree, with its `tree.tar`
 * @param target is made
 */
export const unpackTools = async (
	tree: string,
	target: string,
	{programs, options}: Pick<ToolTree, 'programs'> & {readonly options: ToolOptions},
): Promise<TreeTools> => {
	await mkdir(target);
	const members = [...programs, './lib64', ...folders.map((folder) => `./${folder}/*.so*`)];
	const archive = path.join(tree, 'tree.tar');
	await runTool('tar', ['--extract', '--wildcards', `--file=${archive}`, `--directory=${target}`, ...members], options);
	return treeTools(target);
};

export const treeTools = (root: string): TreeTools => {
	const libraries = folders.map((folder) => path.join(root, folder)).join(':');
	const command = (program: string) =>
		[path.join(root, loader), '--library-path', libraries, path.join(root, program)] as const;
	return {
		root,
		command,
		async run(program, args, options) {
			const [file, ...words] = command(program);
			return runTool(file, [...words, ...args], {...options, name: path.basename(program)});
		},
	};
};
