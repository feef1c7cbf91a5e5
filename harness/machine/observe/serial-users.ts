import {type PortName, portNames} from '../../core/events.ts';

/** A process that has a serial port open. */
export type SerialUser = {readonly pid: number; readonly port: PortName; readonly reads: boolean};

/** Lists the open files of all processes, as far as they are terminals. One process for all: forks are what costs time under TCG. */
export const serialUseCommand =
	'ls -l /proc/[0-9]*/fd 2>/dev/null | grep -e ^/proc -e ttyS -e console; cat /proc/sys/kernel/printk /sys/class/tty/console/active';

export type SerialUse = {
	readonly users: readonly SerialUser[];
	/** Ports that the kernel writes its messages to; the last one is what /dev/console is. */
	readonly consoles: readonly PortName[];
	/** The four levels of /proc/sys/kernel/printk. */
	readonly printk: string;
};

/**
 * Reads what `serialUseCommand` printed: `/proc/106/fd:`, then a line for each file, `lrwx------ … 0 -> /dev/ttyS0`; in the
 * end the levels, and the names of the active consoles, `tty0 ttyS0` (Documentation/ABI/testing/sysfs-tty).
 */
export const parseSerialUse = (text: string): SerialUse => {
	const lines = text.trimEnd().split('\n');
	const active = lines.at(-1)?.split(' ') ?? [];
	const consoles = active.filter((name): name is PortName => portNames.some((port) => port === name));
	const users: SerialUser[] = [];
	let pid = 0;
	for (const line of lines) {
		pid = Number(/^\/proc\/(?<pid>\d+)\/fd:$/v.exec(line)?.groups?.['pid'] ?? pid);
		const file = /^l(?<read>[r\-])[w\-]x.* -> \/dev\/(?<name>\w+)$/v.exec(line)?.groups;
		const name = file?.['name'] === 'console' ? active.at(-1) : file?.['name'];
		const port = portNames.find((one) => one === name);
		if (file !== undefined && port !== undefined) {
			users.push({pid, port, reads: file['read'] === 'r'});
		}
	}

	return {users, consoles, printk: lines.at(-2)?.trim() ?? ''};
};

/**
 * Processes that would read a port's bytes away: all that have it open for reading, but not the first process, which
 * cannot be stopped, nor whoever serves our own shell.
 */
export const readersOf = ({users}: SerialUse, ports: readonly PortName[], shellPort: PortName): readonly number[] => {
	const ours = new Set(users.filter(({port}) => port === shellPort).map(({pid}) => pid));
	const readers = users.filter(({pid, port, reads}) => reads && pid > 1 && ports.includes(port) && !ours.has(pid));
	return [...new Set(readers.map(({pid}) => pid))];
};
