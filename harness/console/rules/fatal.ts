import {type AlarmRule} from './rule.ts';

/** The guest will not come up, or is no more. Of two that match, the first one counts. */
export const fatalRules: readonly AlarmRule[] = [
	{
		kind: 'root-mount',
		severity: 'fatal',
		speaker: 'anyone',
		triggers: ['Kernel panic'],
		pattern: /(?:---\[ end )?Kernel panic(?: - not syncing)?: VFS: Unable to mount root fs/,
		source: 'Linux init/do_mounts.c',
	},
	{
		kind: 'panic',
		severity: 'fatal',
		speaker: 'anyone',
		triggers: ['Kernel panic', 'PANIC: double fault'],
		pattern: /(?:---\[ end )?Kernel panic(?: - not syncing|: )|(?:traps: )?PANIC: double fault/,
		source: 'Linux kernel/panic.c, arch/x86/kernel/traps.c',
	},
	{
		kind: 'panic',
		severity: 'fatal',
		speaker: 'loader',
		triggers: ['-- System halted'],
		pattern: / ?-- System halted/,
		// The decompressor has no line end to spare.
		prompt: true,
		source: 'Linux arch/x86/boot/compressed/error.c',
	},
	{
		kind: 'init-frozen',
		severity: 'fatal',
		speaker: 'anyone',
		triggers: ['Freezing execution', '!!!!!!]'],
		pattern: /systemd\[1\]: Freezing execution|\[!!!!!!\] .*[Ff]reezing/,
		source: 'systemd src/core/crash-handler.c, src/core/main.c',
	},
	{
		kind: 'initramfs-prompt',
		severity: 'fatal',
		speaker: 'anyone',
		triggers: ['(initramfs)', 'Dropping to a shell', 'emergency recovery shell', 'You are now being dropped'],
		pattern:
			/\(initramfs\)(?: |$)|ALERT! .* Dropping to a shell!|initramfs emergency recovery shell launched|You are now being dropped into an emergency shell/,
		prompt: true,
		source: 'initramfs-tools scripts/functions (panic), Alpine mkinitfs, Arch mkinitcpio',
	},
	{
		kind: 'emergency-shell',
		severity: 'fatal',
		speaker: 'anyone',
		triggers: [
			'You are in ',
			'Welcome to ',
			'Entering emergency mode',
			'Emergency Shell',
			'Press Enter for ',
			'Press enter for maintenance',
			'Give root password for ',
			'Cannot open access to console',
			'Refusing to continue',
		],
		pattern:
			/You are in (?:emergency|rescue) mode|Welcome to emergency mode|(?:Entering|:: Entering) emergency mode|(?:\[ {2}OK {2}\] Started| *Starting) (?:\S+ - )?(?:Dracut )?Emergency Shell|Press [Ee]nter for (?:emergency shell|(?:system )?maintenance)|Give root password for (?:system )?maintenance|Cannot open access to console, the root account is locked|dracut: Refusing to continue/,
		prompt: true,
		source:
			'systemd units/emergency.service.in, util-linux login-utils/sulogin.c, upstart mountall, dracut modules.d/99base, 98dracut-systemd; busybox loginutils/sulogin.c',
	},
	{
		kind: 'bootloader-prompt',
		severity: 'fatal',
		speaker: 'loader',
		triggers: ['grub> ', 'grub rescue> '],
		pattern: /grub(?: rescue)?>(?: |$)/,
		prompt: true,
		source: 'GRUB grub-core/normal/main.c, grub-core/kern/rescue_reader.c',
	},
	{
		kind: 'bootloader-error',
		severity: 'fatal',
		speaker: 'loader',
		triggers: [
			'Geom Error',
			'Disk Error',
			'Read Error',
			'Missing operating system',
			'Operating system load error',
			'Error loading operating system',
			'Invalid partition table',
			'No configuration file found',
			'No DEFAULT or UI',
			'fallback entries',
		],
		pattern:
			/GRUB (?:Geom|Hard Disk|Read|Floppy) Error|(?:Missing operating system|Operating system load error|Error loading operating system|Invalid partition table)[.!]? *$|ERROR: No configuration file found|No DEFAULT or UI configuration directive found| *Failed to boot both default and fallback entries/,
		source:
			'GRUB grub-core/boot/i386/pc/boot.S, grub-core/normal/menu.c, syslinux mbr/mbr.S, core/elflink/load_env32.c, com32/elflink/ldlinux',
	},
	{
		kind: 'no-bootable-device',
		severity: 'fatal',
		speaker: 'loader',
		triggers: ['No bootable ', 'EFI Internal Shell'],
		// The shell of the firmware comes last, when no disk has a boot loader.
		pattern: /No bootable device\.|BdsDxe: No bootable option|BdsDxe: starting Boot[\dA-F]{4} "EFI Internal Shell"/,
		source: 'SeaBIOS src/boot.c (boot_fail), edk2 MdeModulePkg/Universal/BdsDxe',
	},
];
