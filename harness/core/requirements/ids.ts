/**
 * Every id that a run may judge. Ids are a contract (result files, `explain`, the mutants and the docs use them):
 * none is ever renamed, and none is reused for something else.
 */
export const hardwareIds = [
	'hw.pci.isa-bridge',
	'hw.pci.acpi-bridge',
	'hw.net.identity',
	'hw.net.checksum',
	'hw.net.tso4',
	'hw.net.gro4',
	'hw.scsi.identity',
	'hw.scsi.spc4',
	'hw.scsi.sbc3',
	'hw.scsi.single-queue',
	'hw.scsi.block-size',
	'hw.scsi.only-disks',
	'hw.scsi.hotplug',
	'hw.uart.ttyS0',
	'hw.uart.ttyS1',
	'hw.uart.ttyS2',
	'hw.uart.ttyS3',
] as const;

export const throughputIds = ['throughput.checksum', 'throughput.tso4', 'throughput.gro4'] as const;

/** Options the guide requires so that the image runs at all. */
export const kernelRequiredOptions = [
	'KVM_GUEST',
	'KVM_CLOCK',
	'VIRTIO_PCI',
	'SCSI_VIRTIO',
	'VIRTIO_NET',
	'PCI_MSI',
] as const;

/** Options the guide requires so that the image is hard to break into. */
export const kernelSecurityOptions = [
	'STRICT_DEVMEM',
	'DEVKMEM',
	'DEFAULT_MMAP_MIN_ADDR',
	'DEBUG_RODATA',
	'DEBUG_SET_MODULE_RONX',
	'CC_STACKPROTECTOR',
	'COMPAT_VDSO',
	'COMPAT_BRK',
	'X86_PAE',
	'SYN_COOKIES',
	'SECURITY_YAMA',
	'SECURITY_YAMA_STACKED',
] as const;

export const sysctlKeys = [
	'net.ipv4.tcp_syncookies',
	'net.ipv4.conf.all.accept_source_route',
	'net.ipv4.conf.default.accept_source_route',
	'net.ipv4.conf.all.accept_redirects',
	'net.ipv4.conf.default.accept_redirects',
	'net.ipv4.conf.all.secure_redirects',
	'net.ipv4.conf.default.secure_redirects',
	'net.ipv4.ip_forward',
	'net.ipv4.conf.all.send_redirects',
	'net.ipv4.conf.default.send_redirects',
	'net.ipv4.conf.all.rp_filter',
	'net.ipv4.conf.default.rp_filter',
	'net.ipv4.icmp_echo_ignore_broadcasts',
	'net.ipv4.icmp_ignore_bogus_error_responses',
	'net.ipv4.conf.all.log_martians',
	'net.ipv4.conf.default.log_martians',
	'net.ipv4.tcp_rfc1337',
	'kernel.randomize_va_space',
	'fs.protected_hardlinks',
	'fs.protected_symlinks',
	'kernel.kptr_restrict',
	'kernel.yama.ptrace_scope',
	'kernel.perf_event_paranoid',
] as const;

export const bootIds = ['boot.reached-userspace', 'boot.console-clean'] as const;
export const importIds = ['import.archive'] as const;

export type HardwareId = (typeof hardwareIds)[number];
export type ThroughputId = (typeof throughputIds)[number];
export type KernelRequiredOption = (typeof kernelRequiredOptions)[number];
export type KernelSecurityOption = (typeof kernelSecurityOptions)[number];
/** An option as the guide spells it, without `CONFIG_`. */
export type KernelOption = KernelRequiredOption | KernelSecurityOption;
export type KernelId = `kernel.${KernelOption}`;
export type SysctlKey = (typeof sysctlKeys)[number];
export type SysctlId = `sysctl.${SysctlKey}`;
export type BootId = (typeof bootIds)[number];
export type ImportId = (typeof importIds)[number];
export type RequirementId = HardwareId | ThroughputId | KernelId | SysctlId | BootId | ImportId;
/** What a scenario settles: the project's requirements, or rows of a person's own. */
export type RowId = RequirementId | `custom.${string}`;

export const kernelOptions: readonly KernelOption[] = [...kernelRequiredOptions, ...kernelSecurityOptions];

export const kernelId = <Option extends KernelOption>(option: Option): `kernel.${Option}` => `kernel.${option}`;
export const sysctlId = <Key extends SysctlKey>(key: Key): `sysctl.${Key}` => `sysctl.${key}`;

export const kernelIds: readonly KernelId[] = kernelOptions.map((option) => kernelId(option));
export const sysctlIds: readonly SysctlId[] = sysctlKeys.map((key) => sysctlId(key));

/** All ids, in the order of reports. */
export const requirementIds: readonly RequirementId[] = [
	...hardwareIds,
	...throughputIds,
	...kernelIds,
	...sysctlIds,
	...bootIds,
	...importIds,
];
