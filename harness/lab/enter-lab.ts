import {type ChildProcessWithoutNullStreams, spawn} from 'node:child_process';

/**
 * What stands before a command line so that it runs inside the namespaces of a process. A parent-death signal does not survive it
 * (the kernel clears it in setns(2) for a user namespace, kernel/cred.c commit_creds): set that one inside.
 */
export const enterLab = (pid: number, {asRoot}: {readonly asRoot: boolean}): readonly string[] => [
	'nsenter',
	`--target=${pid}`,
	'--net',
	...(asRoot ? [] : ['--user', '--preserve-credentials']),
	'--',
];

/** What stands before a command line so that it runs in a new network, where it may do as it likes. */
export const newNetwork = ({asRoot}: {readonly asRoot: boolean}): readonly string[] => [
	'unshare',
	...(asRoot ? [] : ['--user', '--map-root-user']),
	'--net',
	'--',
];

/** Starts a program in a new network. It lives until its standard input ends, which this process holds open. */
export const spawnInNewNetwork = (
	command: readonly string[],
	{asRoot}: {readonly asRoot: boolean},
): ChildProcessWithoutNullStreams => {
	const [file = '', ...args] = [...newNetwork({asRoot}), ...command];
	const child = spawn(file, args, {
		stdio: ['pipe', 'pipe', 'pipe'],
		// A session of its own: Ctrl-C on the terminal is for the run, which takes the network down when it is done with it.
		detached: true,
		env: {...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`},
	});
	child.stdin.on('error', () => undefined);
	return child;
};
