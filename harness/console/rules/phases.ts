import {type BootPhase} from '../../core/events.ts';

export type PhaseRule = {
	readonly phase: Exclude<BootPhase, 'access'>;
	/** As for alarms: one of these stands in every line that matches. */
	readonly triggers: readonly [string, ...string[]];
	/** Matched against a message, without time and caller. */
	readonly pattern: RegExp;
};

/** What tells how far a guest has come. Sources: SeaBIOS src/bootsplash.c and boot.c, GRUB, syslinux, Linux init/main.c, systemd, sysvinit, OpenRC, util-linux agetty. */
export const phaseRules: readonly PhaseRule[] = [
	{
		phase: 'firmware',
		triggers: ['SeaBIOS (version ', 'BdsDxe: '],
		pattern: /^(?:SeaBIOS \(version |BdsDxe: (?:loading|starting) )/,
	},
	{
		phase: 'bootloader',
		triggers: ['GRUB', 'LINUX ', 'LILO ', 'Loading Linux ', 'Booting `', 'Loading Operating System'],
		pattern:
			/^(?:GRUB loading|Welcome to GRUB| *GNU GRUB {1,2}version|(?:SYS|ISO|EXT|PXE)LINUX \d|LILO (?:\d|boot:)|Loading Linux \S| *Booting `|Loading Operating System)/,
	},
	{phase: 'kernel', triggers: ['Linux version '], pattern: /^Linux version \d+\.\d+/},
	{
		phase: 'userspace',
		triggers: [
			'Run /',
			'Welcome to ',
			'(+',
			'INIT: version ',
			'OpenRC ',
			'BusyBox v',
			'Loading, please wait...',
			'login:',
		],
		pattern:
			/^(?:Run \/\S* as init process|Welcome to (?!GRUB)\S|systemd\[1\]: systemd \S+ running in|INIT: version \d| *OpenRC \d\S* is starting up|init started: BusyBox v|Loading, please wait\.\.\.|(?:\S+ )?login: *$)/,
	},
];

/** A kernel that is told to be quiet still stamps the little it says: its first line in its first ten seconds. */
export const firstKernelLine = {trigger: '[    ', pattern: /\[ {4}\d\.\d{6}\]/} as const;

/** The firmware hands over; nobody knows whether to anything until it says that it failed, or says no more. */
export const handOver = {
	trigger: 'Booting from ',
	pattern: /^Booting from (?:Hard Disk|DVD\/CD|Floppy|[\da-f]{4}:[\da-f]{4})/,
	failed: {trigger: 'Boot failed: ', pattern: /^Boot failed: /},
} as const;
