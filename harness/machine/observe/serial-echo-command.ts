import {type PortName} from '../../core/events.ts';

export type EchoCommand = {
	readonly ports: readonly PortName[];
	/** Bytes to wait for on each port. */
	readonly bytes: number;
	/** Stands around what is sent back. */
	readonly nonce: string;
	/** `sha256sum`, or another reader of standard input. */
	readonly digest: string;
	/** Processes to be stopped for as long. */
	readonly readers: readonly number[];
	/** What /proc/sys/kernel/printk says, to be put back. */
	readonly printk: string;
};

/**
 * A shell command that receives on each port, sends back what it received, on all ports at once, and prints `PORT DIGEST`
 * of that. Meanwhile the kernel keeps its messages from the consoles, and nobody else reads the ports.
 */
export const echoCommand = ({ports, bytes, nonce, digest, readers, printk}: EchoCommand): string =>
	[
		signal('STOP', readers),
		setPrintk(printk.replace(/^\d+/v, '1')),
		'echo_port() (',
		'exec 3<>"/dev/$1" || exit',
		'before=$(stty -g <&3)',
		// What somebody typed while nobody listened must not count: read until a tenth of a second brings nothing.
		'stty raw -echo -iexten -crtscts cs8 -parenb min 0 time 1 <&3; cat <&3 >/dev/null; stty min 1 time 0 <&3',
		String.raw`printf '\r\n${beginMark(nonce)}\r\n' >&3`,
		// One direction after the other (tail gives nothing before it has everything): both at once take twice the time under TCG.
		`sum=$(head -c ${bytes} <&3 | tail -c ${bytes} | tee "/dev/$1" | ${digest})`,
		String.raw`printf '\r\n${endMark(nonce)}\r\n' >&3`,
		// Waits until the last byte has left.
		'stty "$before" <&3',
		'echo "$1 $sum"',
		')',
		...ports.map((port) => `echo_port ${port} &`),
		'wait',
		restoreCommand({readers, printk}),
	].join('\n');

/** Puts back what `echoCommand` changes: for a command that was cut short. */
export const restoreCommand = ({readers, printk}: Pick<EchoCommand, 'readers' | 'printk'>): string =>
	[setPrintk(printk), signal('CONT', readers)].join('\n');

/** The lines before and after the bytes: for a person who reads the log, too. */
export const beginMark = (nonce: string): string => `[bootwright ${nonce}: random bytes of the test of this port]`;
export const endMark = (nonce: string): string => `[bootwright ${nonce}: end of the random bytes]`;

const setPrintk = (levels: string): string =>
	/^[\d\s]+$/v.test(levels) ? `echo '${levels}' >/proc/sys/kernel/printk` : ':';

const signal = (name: 'STOP' | 'CONT', pids: readonly number[]): string =>
	pids.length === 0 ? ':' : `kill -${name} ${pids.join(' ')} 2>/dev/null || :`;
