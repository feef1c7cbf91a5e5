import {copyFile, mkdir, readFile, readdir, symlink, writeFile} from 'node:fs/promises';
import {userInfo} from 'node:os';
import path from 'node:path';
import {HarnessBug} from '../../core/errors.ts';
import {unmetOptions} from './kernel-options.ts';
import {runTool, type ToolOptions} from './tool.ts';
import {unpackTree} from './tree.ts';
import {epoch} from './version.ts';

/** A kernel's source, compilers and objects: what is built in it after the first kernel takes only what differs. */
export type KernelTree = {
	/** Puts `vmlinuz` and `config` into `directory`. */
	readonly build: (options: string, directory: string) => Promise<void>;
};

/**
 * Unpacks compilers and source.
 * @param tree directory of the finished package tree
 * @param root is made; whoever calls removes it
 */
export const openKernelTree = async (tree: string, root: string, options: ToolOptions): Promise<KernelTree> => {
	options.onLine?.('unpacking compiler and kernel source');
	await unpackTree(tree, root, options);
	await Promise.all(['dev', 'tmp', 'build'].map(async (name) => mkdir(path.join(root, name), {recursive: true})));
	// Nothing has been configured, so there are no alternatives.
	await symlink('mawk', path.join(root, 'usr/bin/awk'));
	await runInside(root, kernelCommands.unpack, options);
	const sources = path.join(root, 'usr/src');
	const source = (await readdir(sources)).find((name) => !name.endsWith('.tar.xz')) ?? '';
	return {
		async build(asked, directory) {
			await writeFile(path.join(root, 'build/options'), asked);
			await runInside(root, kernelCommands.configure, options);
			const config = path.join(sources, source, '.config');
			const unmet = unmetOptions(asked, await readFile(config, 'utf8'));
			if (unmet.length > 0) {
				throw new HarnessBug(`images/kernels: Kconfig made something else: ${unmet.join('; ')}`);
			}

			await runInside(root, kernelCommands.compile, options);
			await copyFile(config, path.join(directory, 'config'));
			await copyFile(path.join(sources, source, 'arch/x86/boot/bzImage'), path.join(directory, 'vmlinuz'));
		},
	};
};

/** What no part of these kernels is made of stays in the archive: half of its files. */
const leftOut = ['drivers/gpu/*.[ch]', 'drivers/media/*.[ch]', 'sound/*.[ch]', 'Documentation/*.*', 'tools/testing/*'];

/** Who built a kernel, where and when lies in it (scripts/mkcompile_h, Documentation/kbuild/reproducible-builds.rst). */
const sameEverywhere = [
	`KBUILD_BUILD_TIMESTAMP=@${epoch}`,
	'KBUILD_BUILD_USER=root',
	'KBUILD_BUILD_HOST=bootwright',
	'KBUILD_BUILD_VERSION=1',
].join(' ');

/** For the shell inside the tree, each ending in one program that takes its place: it is told to end, and ends its own. Part of a kernel's digest. */
export const kernelCommands = {
	unpack: `cd /usr/src; exec tar -xJf linux-source-*.tar.xz ${leftOut.map((pattern) => `--exclude='*/${pattern}'`).join(' ')}`,
	configure: 'cd /usr/src/linux-source-*[0-9]/; exec make -s KCONFIG_ALLCONFIG=/build/options allnoconfig >&2',
	compile: `cd /usr/src/linux-source-*[0-9]/; exec make -s -j"$(nproc)" ${sameEverywhere} bzImage >&2`,
} as const;

const runInside = async (root: string, commands: string, options: ToolOptions): Promise<void> => {
	const asUser = userInfo().uid === 0 ? [] : ['--user', '--map-root-user'];
	await runTool('unshare', [...asUser, '--mount', '--', 'sh', script, root, commands], {
		...options,
		name: 'the kernel build',
	});
};

const script = path.join(import.meta.dirname, 'enter-tree.sh');
