import {type RequirementText} from './types.ts';
import {type HardwareId} from './ids.ts';
import {hardwareSection} from './guide.ts';

const port = (number: 0 | 1 | 2 | 3): RequirementText => {
	const {irq, base} = (
		[
			{irq: 4, base: '0x3f8'},
			{irq: 3, base: '0x2f8'},
			{irq: 6, base: '0x3e8'},
			{irq: 7, base: '0x2e8'},
		] as const
	)[number];
	const role =
		number === 0
			? 'The cloud records everything on this port; it is the only view of an instance that does not come up.'
			: 'The cloud connects people and tools to this port (interactive serial console, agents).';
	return {
		title: `ttyS${number} is a 16550A at ${base} on IRQ ${irq}`,
		why: `${role} With the wrong interrupt a port polls, loses bytes, or stays silent.`,
		observed: {
			guest: `the 8250 driver's line in /proc/tty/driver/serial and sysfs: 16550A, port, IRQ; 64 KiB of random bytes arrive unchanged in each direction`,
			host: `the bytes on the port's own socket`,
		},
		fix: `Kernel: CONFIG_SERIAL_8250=y, CONFIG_SERIAL_8250_PNP=y, CONFIG_SERIAL_8250_NR_UARTS=4 or more, CONFIG_SERIAL_8250_RUNTIME_UARTS=4 (or "8250.nr_uarts=4" on the kernel command line).
${
	number === 0
		? 'Console there: "console=ttyS0,38400n8d" on the kernel command line, systemctl enable serial-getty@ttyS0.'
		: `No "setserial" or udev rule may move it; see what holds it with: fuser -v /dev/ttyS${number}`
}`,
		source: [
			hardwareSection,
			'Texas Instruments PC16550D data sheet',
			'Linux: drivers/tty/serial/8250/8250_pnp.c, Documentation/admin-guide/serial-console.rst',
		],
	};
};

export const uartTexts: Record<Extract<HardwareId, `hw.uart.${string}`>, RequirementText> = {
	'hw.uart.ttyS0': port(0),
	'hw.uart.ttyS1': port(1),
	'hw.uart.ttyS2': port(2),
	'hw.uart.ttyS3': port(3),
};
