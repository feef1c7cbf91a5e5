import {mkdir} from 'node:fs/promises';
import path from 'node:path';
import {librariesOf} from './architecture.ts';
import {runTool, type ToolOptions} from './tool.ts';

/** Programs of an unpacked package tree, run on the host with the tree's own loader and libraries: the host's versions never come into it. */
export type TreeTools = {
	/** Root of what is unpacked: data files lie below it. */
	readonly root: string;
	/** Runs `sbin/mke2fs` and the like to the end, as {@link runTool} does. */
	readonly run: (program: string, args: readonly string[], options: ToolOptions) => Promise<string>;
};

/** They run on this host. */
const {loader, folders} = librariesOf('amd64');

/**
 * Unpacks what {@link makeExt4} and {@link installGrub} call.
 * @param tree directory of a finished tree, with its `tree.tar`
 * @param target is made
 */
export const unpackTools = async (tree: string, target: string, options: ToolOptions): Promise<TreeTools> => {
	await mkdir(target);
	const members = [
		'./sbin/mke2fs',
		'./sbin/debugfs',
		'./usr/bin/grub-mkimage',
		'./usr/lib/grub/i386-pc',
		'./lib64',
		...folders.map((folder) => `./${folder}/*.so*`),
	];
	const archive = path.join(tree, 'tree.tar');
	await runTool('tar', ['--extract', '--wildcards', `--file=${archive}`, `--directory=${target}`, ...members], options);
	return treeTools(target);
};

export const treeTools = (root: string): TreeTools => ({
	root,
	run: async (program, args, options) =>
		runTool(
			path.join(root, loader),
			['--library-path', folders.map((folder) => path.join(root, folder)).join(':'), path.join(root, program), ...args],
			{...options, name: path.basename(program)},
		),
});
