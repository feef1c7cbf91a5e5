/** A change to the kernel's configuration language, as its own history has it. */
export type KernelChange = {
	/** First release that has the change, `major.minor`. */
	readonly since: string;
	/** Abbreviated commit id in Linus Torvalds' tree. */
	readonly commit: string;
	readonly subject: string;
};

/**
 * Every rename and removal that the kernel rows depend on. The releases were checked in the Kconfig files of the release
 * before and the release after each change.
 */
export const kernelHistory = {
	/** KVM_CLOCK is in 3.6 and gone in 3.7. */
	kvmClockMerged: {
		since: '3.7',
		commit: '90993cdd1800',
		subject: 'x86: KVM guest: merge CONFIG_KVM_CLOCK into CONFIG_KVM_GUEST',
	},
	/** SECURITY_YAMA_STACKED appears in 3.7. */
	yamaStackedAdded: {
		since: '3.7',
		commit: 'c6993e4ac002',
		subject: 'security: allow Yama to be unconditionally stacked',
	},
	/** SECURITY_YAMA_STACKED is in 4.2.8 and gone in 4.3. */
	yamaStackedRemoved: {
		since: '4.3',
		commit: '730daa164e7c',
		subject: 'Yama: remove needless CONFIG_SECURITY_YAMA_STACKED',
	},
	/** From here on DEBUG_RODATA is `def_bool y` on x86: no way to switch it off. */
	rodataForced: {
		since: '4.6',
		commit: '9ccaf77cf059',
		subject: 'x86/mm: Always enable CONFIG_DEBUG_RODATA and remove the Kconfig option',
	},
	/** DEBUG_RODATA and DEBUG_SET_MODULE_RONX are in 4.10; STRICT_KERNEL_RWX and STRICT_MODULE_RWX in 4.11. */
	rwxRenamed: {
		since: '4.11',
		commit: '0f5bf6d0afe4',
		subject: 'arch: Rename CONFIG_DEBUG_RODATA and CONFIG_DEBUG_MODULE_RONX',
	},
	/** 4.16 and 4.17 define CC_STACKPROTECTOR in the Makefile: a configuration has only the lines of the choice. */
	stackProtectorOutOfKconfig: {
		since: '4.16',
		commit: '2bc2f688fdf8',
		subject: 'Makefile: move stack-protector availability out of Kconfig',
	},
	stackProtectorRenamed: {
		since: '4.18',
		commit: '050e9baa9dc9',
		subject: 'Kbuild: rename CC_STACKPROTECTOR[_STRONG] config variables',
	},
	/** Before 4.0 /dev/mem cannot be left out. */
	devmemOptional: {
		since: '4.0',
		commit: '73f0718e74e2',
		subject: 'drivers: char: mem: Make /dev/mem an optional device',
	},
	/** CONFIG_LSM names the modules that start, in order; before, every minor module that was built in started. */
	lsmList: {since: '5.1', commit: '13e735c0e953', subject: 'LSM: Introduce CONFIG_LSM'},
	/** DEVKMEM is in 5.12 and gone in 5.13. */
	devkmemRemoved: {since: '5.13', commit: 'bbcd53c96071', subject: 'drivers/char: remove /dev/kmem for good'},
} as const satisfies Record<string, KernelChange>;

/**
 * The newest release whose configurations these rules were run against. A newer kernel is judged all the same, and its
 * evidence says that it is newer.
 */
export const newestVerifiedKernel = '7.2';

/** `Linux 5.13, commit bbcd53c96071 ("drivers/char: remove /dev/kmem for good")`. */
export const cite = ({since, commit, subject}: KernelChange): string =>
	`Linux ${since}, commit ${commit} ("${subject}")`;
