import {type PortName} from '../core/events.ts';

/** The line by which a shell that the harness started says that it is the one of this run: nobody else knows the nonce. */
export const announcementOf = (nonce: string): string => `bootwright-shell ${nonce}`;

/** The announcement as a port shows it: a line of its own. */
export const lineOf = (announcement: string): RegExp => new RegExp(`^${announcement}$`, 'm');

/** In order of preference. ttyS0 is the kernel's: its messages would stand between the commands' output. */
export const workPorts: readonly PortName[] = ['ttyS1', 'ttyS2', 'ttyS3', 'ttyS0'];

/**
 * Lines of a script for any POSIX sh that becomes a root shell on the first of some serial ports that has a UART and that is free.
 * To be run by the leader of a session without a terminal: the port becomes its terminal.
 * No quotes, tabs or comments in them: they can be typed at a prompt.
 * @param options.announcement of `announcementOf`: written to the port before the shell's first prompt
 * @param options.onlyFree passes over a port that another process reads from
 * @param options.otherwise what to do where no port is left; default: takes the last one
 */
export const portShell = ({
	ports,
	announcement,
	onlyFree = false,
	otherwise = ':',
}: {
	readonly ports: readonly PortName[];
	readonly announcement: string;
	readonly onlyFree?: boolean;
	readonly otherwise?: string;
}): readonly string[] => [
	`for port in ${ports.join(' ')} none; do`,
	`[ $port = none ] && ${otherwise === ':' ? `port=${ports.at(-1) ?? 'ttyS0'}` : otherwise}`,
	// All nodes exist, with or without hardware: type 0 is no UART (drivers/tty/serial/serial_core.c, type_show).
	'type=1',
	'[ -r /sys/class/tty/$port/type ] && read -r type </sys/class/tty/$port/type',
	'[ $type != 0 ] || continue',
	...(onlyFree ? ['ls -l /proc/[0-9]*/fd/0 2>/dev/null | grep -q /dev/$port$ && continue'] : []),
	'break',
	'done',
	'exec </dev/$port >/dev/$port 2>&1',
	// No history, no terminal tricks, and the usual search path of root.
	'export TERM=dumb HOME=/root HISTFILE=/dev/null',
	'export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
	// At the default of 9600 the emulated UART holds short input back for 4 ms (four characters' time).
	'stty sane 115200 -echo columns 500 2>/dev/null',
	`echo ${announcement}`,
	'exec /bin/sh',
];
