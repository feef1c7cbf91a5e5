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
