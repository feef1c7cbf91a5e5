/** Every kind of problem on a console, and what it is. docs/troubleshooting.md has what it is told by. */
export const kindTexts = {
	'no-bootable-device': 'The firmware found nothing to boot',
	'bootloader-prompt': 'The boot loader stands at its prompt',
	'bootloader-error': 'A boot sector or boot loader gave up',
	panic: 'The kernel, or its decompressor, stopped for good',
	'root-mount': 'The kernel could not mount the root file system',
	'initramfs-prompt': 'The initramfs stands at its shell',
	'emergency-shell': 'The system stands in emergency or rescue mode',
	'init-frozen': 'systemd crashed, and froze',
	oops: 'The kernel touched memory that it must not, or ran what it cannot',
	gpf: 'The kernel met a general protection fault',
	bug: 'The kernel found itself in a state that cannot be',
	ubsan: 'The sanitizer of the kernel found undefined behaviour',
	lockup: 'A processor or workqueue is stuck',
	'rcu-stall': 'RCU waits for a processor that does not come; on a busy host it may be the host’s',
	'hung-task': 'A task has been blocked for minutes',
	'io-error': 'A read or write of a disk failed',
	'fs-error': 'A file system found itself damaged',
	oom: 'Memory ran out, and a process was killed for it',
	'netdev-watchdog': 'A network adapter does not send what it was given',
	'ordering-cycle': 'Units of systemd wait for each other, and one was left out',
	warning: 'The kernel warns of a place in its own code',
	lockdep: 'The kernel’s lock validator found locks in the wrong order or state',
} as const satisfies Readonly<Record<string, string>>;

export type AlarmKind = keyof typeof kindTexts;
