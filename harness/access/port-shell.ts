import {type PortName} from '../core/events.ts';

/** The line by which a shell that the harness started says that it is the one of this run: nobody else knows the nonce. */
export const announcementOf = (nonce: string): string => `bootwright-shell ${nonce}`;

/** In order of preference. ttyS0 is the kernel's: its messages would stand between the commands' output. */
export const workPorts: readonly PortName[] = ['ttyS1', 'ttyS2', 'ttyS3', 'ttyS0'];

/**
 * A script for any POSIX sh that becomes a root shell on the first of some serial ports that has a UART.
 * To be run without a controlling terminal by the leader of a session: the port becomes its terminal.
 * @param options.announcement of `announcementOf`: written to the port before the shell's first prompt
 */
export const portShell = ({
	ports,
	announcement,
}: {
	readonly ports: readonly PortName[];
	readonly announcement: string;
}): string => `for port in ${ports.join(' ')}; do
	# All nodes exist, with or without hardware: type 0 is no UART (drivers/tty/serial/serial_core.c, type_show).
	type=1
	[ -r /sys/class/tty/$port/type ] && read -r type </sys/class/tty/$port/type
	[ "$type" != 0 ] && break
done
exec </dev/$port >/dev/$port 2>&1
${environment.map((pair) => `export ${pair}`).join('\n')}
# 115200: at the default of 9600 the emulated UART holds short input back for 4 ms (four characters' time).
stty sane 115200 -echo columns 500 2>/dev/null
echo ${announcement}
exec /bin/sh
`;

/** No history, no terminal tricks, and the usual search path of root. */
const environment = [
	'TERM=dumb',
	'HOME=/root',
	'HISTFILE=/dev/null',
	'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
];
