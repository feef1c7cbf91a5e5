import {type PortName, portNames} from '../../core/events.ts';
import {type FileDump, textOf} from '../file-dump.ts';

/** One line of the 8250 driver's own report. */
export type SerialPort = {
	/** `16550A`; `unknown` where the driver found no chip. */
	readonly uart: string;
	/** First I/O port; undefined where the driver shows none. */
	readonly ioPort: number | undefined;
	readonly irq: number | undefined;
	/** Counters of what went wrong since boot, where not zero: `oe` overrun, `fe` framing, `pe` parity, `bo` buffer overrun. */
	readonly errors: ReadonlyMap<string, number>;
};

const driverReport = '/proc/tty/driver/serial';

/** What a guest has to be asked for about its serial ports. */
export const serialFiles: readonly string[] = [
	driverReport,
	...portNames.flatMap((name) => ['type', 'port', 'irq'].map((attribute) => `/sys/class/tty/${name}/${attribute}`)),
];

/**
 * Serial ports by name, from the driver's report, or from sysfs where a kernel shows no report (kernels without
 * procfs support in the driver). Ports the driver found no chip on are left out.
 */
export const serialPorts = (dump: FileDump): ReadonlyMap<PortName, SerialPort> => {
	const report = textOf(dump, driverReport);
	const read = report === undefined ? readSysfs(dump) : parseSerialReport(report);
	return new Map(read.entries().filter(([, {uart}]) => uart !== 'unknown'));
};

/** Reads /proc/tty/driver/serial: `0: uart:16550A port:000003F8 irq:4 tx:0 rx:0 oe:1 RTS|DTR` (uart_line_info in serial_core.c). */
export const parseSerialReport = (report: string): ReadonlyMap<PortName, SerialPort> =>
	new Map(
		report.split('\n').flatMap((line) => {
			const match = /^(?<number>\d+): uart:(?<uart>\S+)(?<rest>.*)$/v.exec(line.trim());
			const name = portNames.find((port) => port === `ttyS${match?.groups?.['number'] ?? ''}`);
			return match?.groups === undefined || name === undefined
				? []
				: [[name, readLine(match.groups['uart'] ?? '', match.groups['rest'] ?? '')] as const];
		}),
	);

const readLine = (uart: string, rest: string): SerialPort => {
	const values = new Map(
		rest
			.matchAll(/ (?<key>[a-z]+):(?<value>\S+)/gv)
			.map(({groups}) => [groups?.['key'] ?? '', groups?.['value'] ?? '']),
	);
	return {
		uart,
		ioPort: optional(values.get('port'), 16),
		irq: optional(values.get('irq'), 10),
		errors: new Map(
			['oe', 'fe', 'pe', 'bo'].flatMap((key) => {
				const count = optional(values.get(key), 10);
				return count === undefined ? [] : [[key, count] as const];
			}),
		),
	};
};

/** Numbers of chip types: PORT_* in include/uapi/linux/serial_core.h. */
const chips: ReadonlyMap<string, string> = new Map([
	['0', 'unknown'],
	['1', '8250'],
	['2', '16450'],
	['3', '16550'],
	['4', '16550A'],
]);

const readSysfs = (dump: FileDump): ReadonlyMap<PortName, SerialPort> =>
	new Map(
		portNames.flatMap((name) => {
			const type = textOf(dump, `/sys/class/tty/${name}/type`);
			if (type === undefined) {
				return [];
			}

			return [
				[
					name,
					{
						uart: chips.get(type) ?? `type ${type}`,
						ioPort: optional(textOf(dump, `/sys/class/tty/${name}/port`)?.replace(/^0x/iv, ''), 16),
						irq: optional(textOf(dump, `/sys/class/tty/${name}/irq`), 10),
						errors: new Map(),
					},
				],
			];
		}),
	);

const optional = (text: string | undefined, radix: number): number | undefined => {
	const value = Number.parseInt(text ?? '', radix);
	return Number.isNaN(value) ? undefined : value;
};
