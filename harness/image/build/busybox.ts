import {readFileSync} from 'node:fs';
import path from 'node:path';
import type {CpioEntry} from './cpio.ts';
import {runTool, type ToolOptions} from './tool.ts';

/** What every ramdisk has: busybox under all its names (except those `taken` by a real program), and the folders and nodes /init needs at once. */
export const busyboxEntries = async (
	tree: string,
	taken: readonly string[],
	options: ToolOptions = {},
): Promise<readonly CpioEntry[]> => {
	const program = path.join(tree, 'bin/busybox');
	const applets = await runTool(program, ['--list'], options);
	const names = applets.split('\n').filter((name) => name !== 'busybox' && !taken.includes(name));
	return [
		...['proc', 'sys', 'dev', 'run', 'tmp', 'mnt'].map((folder): CpioEntry => ({type: 'directory', path: folder})),
		// The kernel opens it for /init before anything can mount devtmpfs.
		{type: 'character-device', path: 'dev/console', major: 5, minor: 1},
		{type: 'file', path: 'bin/busybox', mode: 0o755, content: readFileSync(program)},
		...names.map((name): CpioEntry => ({type: 'symlink', path: `bin/${name}`, target: 'busybox'})),
		// CONFIG_MODPROBE_PATH: what the kernel itself calls for a missing module.
		{type: 'symlink', path: 'sbin/modprobe', target: '../bin/busybox'},
	];
};
