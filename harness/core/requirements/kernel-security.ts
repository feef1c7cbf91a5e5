import {type RequirementText} from './types.ts';
import {type KernelSecurityOption} from './ids.ts';
import {securitySection} from './guide.ts';
import {cite, kernelHistory} from './kernel-history.ts';
import {kernelObserved} from './kernel-required.ts';

type Row = {readonly title: string; readonly why: string; readonly set: string; readonly source: readonly string[]};

const row = ({title, why, set, source}: Row): RequirementText => ({
	title,
	why,
	observed: {guest: kernelObserved},
	fix: `Set ${set} in the kernel's .config, run "make olddefconfig", build, install.`,
	source: [securitySection, ...source],
});

export const kernelSecurityTexts: Record<KernelSecurityOption, RequirementText> = {
	STRICT_DEVMEM: row({
		title: 'CONFIG_STRICT_DEVMEM=y (or no /dev/mem at all)',
		why: 'Root can otherwise read and write all of memory through /dev/mem, the kernel included: a hole in any root process becomes a hole in the kernel.',
		set: 'CONFIG_STRICT_DEVMEM=y (stricter: # CONFIG_DEVMEM is not set, possible since Linux 4.0)',
		source: ['Linux: lib/Kconfig.debug (until 4.4 arch/x86/Kconfig.debug)', cite(kernelHistory.devmemOptional)],
	}),
	DEVKMEM: row({
		title: 'No CONFIG_DEVKMEM',
		why: '/dev/kmem is the kernel’s own address space as a file, of use to rootkits alone.',
		set: '# CONFIG_DEVKMEM is not set (newer kernels no longer have it)',
		source: ['Linux: drivers/char/Kconfig', cite(kernelHistory.devkmemRemoved)],
	}),
	DEFAULT_MMAP_MIN_ADDR: row({
		title: 'CONFIG_DEFAULT_MMAP_MIN_ADDR=65536 or more',
		why: 'Nobody may map the lowest addresses, so that a NULL pointer in the kernel cannot be made to point at an attacker’s data.',
		set: 'CONFIG_DEFAULT_MMAP_MIN_ADDR=65536 (CONFIG_LSM_MMAP_MIN_ADDR is another limit and does not replace it)',
		source: ['Linux: mm/Kconfig, security/min_addr.c'],
	}),
	DEBUG_RODATA: row({
		title: 'CONFIG_STRICT_KERNEL_RWX=y (before 4.11: CONFIG_DEBUG_RODATA=y)',
		why: 'Kernel code and constants are write-protected. Otherwise one stray write changes a system call table, and nobody notices.',
		set: 'CONFIG_STRICT_KERNEL_RWX=y, in kernels before 4.11 CONFIG_DEBUG_KERNEL=y and CONFIG_DEBUG_RODATA=y (x86 forces it since 4.6)',
		source: [
			cite(kernelHistory.rwxRenamed),
			cite(kernelHistory.rodataForced),
			'Linux: Documentation/security/self-protection.rst',
		],
	}),
	DEBUG_SET_MODULE_RONX: row({
		title: 'CONFIG_STRICT_MODULE_RWX=y (before 4.11: CONFIG_DEBUG_SET_MODULE_RONX=y), or no modules',
		why: 'Code of modules is not writable and their data not executable: the same protection that the kernel itself has.',
		set: 'CONFIG_STRICT_MODULE_RWX=y, in kernels before 4.11 CONFIG_DEBUG_SET_MODULE_RONX=y',
		source: [cite(kernelHistory.rwxRenamed), 'Linux: Documentation/security/self-protection.rst'],
	}),
	CC_STACKPROTECTOR: row({
		title: 'CONFIG_STACKPROTECTOR=y (before 4.18: CONFIG_CC_STACKPROTECTOR), or its strong form',
		why: 'A canary before each return address turns a stack overflow in the kernel into a panic instead of a takeover.',
		set: 'CONFIG_STACKPROTECTOR=y and CONFIG_STACKPROTECTOR_STRONG=y (4.16 and 4.17: one of CONFIG_CC_STACKPROTECTOR_REGULAR, _STRONG, _AUTO; older: CONFIG_CC_STACKPROTECTOR=y)',
		source: [
			cite(kernelHistory.stackProtectorRenamed),
			cite(kernelHistory.stackProtectorOutOfKconfig),
			'Linux: arch/Kconfig',
		],
	}),
	COMPAT_VDSO: row({
		title: 'No CONFIG_COMPAT_VDSO',
		why: 'It puts the 32-bit vDSO at a fixed address (since Linux 3.15: switches it off) for the sake of glibc 2.3.3, and gives an exploit code at a known place to jump to.',
		set: '# CONFIG_COMPAT_VDSO is not set',
		source: ['Linux: arch/x86/Kconfig', 'Linux 3.15, commit b0b49f2673f0 ("x86, vdso: Remove compat vdso support")'],
	}),
	COMPAT_BRK: row({
		title: 'No CONFIG_COMPAT_BRK',
		why: 'It switches off the randomisation of the heap for programs of the libc5 era; kernel.randomize_va_space then starts at 1.',
		set: '# CONFIG_COMPAT_BRK is not set',
		source: [
			'Linux: mm/Kconfig (until 5.17 init/Kconfig), Documentation/admin-guide/sysctl/kernel.rst (randomize_va_space)',
		],
	}),
	X86_PAE: row({
		title: 'CONFIG_X86_PAE=y on 32-bit kernels',
		why: 'Without PAE a 32-bit kernel has no NX bit: every page that can be read can be executed.',
		set: 'CONFIG_X86_PAE=y (CONFIG_HIGHMEM64G=y until 6.14; CONFIG_HIGHMEM4G rules it out)',
		source: ['Linux: arch/x86/Kconfig'],
	}),
	SYN_COOKIES: row({
		title: 'CONFIG_SYN_COOKIES=y',
		why: 'Without it a flood of half-open connections fills the queue of a listening socket, and the service is gone.',
		set: 'CONFIG_SYN_COOKIES=y',
		source: ['Linux: net/ipv4/Kconfig, Documentation/networking/ip-sysctl.rst (tcp_syncookies)'],
	}),
	SECURITY_YAMA: row({
		title: 'CONFIG_SECURITY_YAMA=y',
		why: 'Yama keeps one process from reading the memory of another of the same user (ptrace): one broken program then does not give away every key in the session.',
		set: 'CONFIG_SECURITY=y and CONFIG_SECURITY_YAMA=y',
		source: ['Linux: security/yama/Kconfig, Documentation/admin-guide/LSM/Yama.rst'],
	}),
	SECURITY_YAMA_STACKED: {
		title: 'Yama is active (before 4.3: CONFIG_SECURITY_YAMA_STACKED=y)',
		why: 'Yama that is built in but not started protects nothing.',
		observed: {
			guest:
				'from 4.3 on: /sys/kernel/security/lsm, else /proc/sys/kernel/yama or the boot log; offline CONFIG_LSM. Before: the option',
		},
		fix: `From 5.1 on: put "yama" into CONFIG_LSM ("landlock,lockdown,yama,…") and into any "lsm=" on the kernel command line.
From 4.3 to 5.0: CONFIG_SECURITY_YAMA=y is enough. Before: CONFIG_SECURITY_YAMA_STACKED=y.`,
		source: [
			securitySection,
			cite(kernelHistory.yamaStackedAdded),
			cite(kernelHistory.yamaStackedRemoved),
			cite(kernelHistory.lsmList),
		],
	},
};
