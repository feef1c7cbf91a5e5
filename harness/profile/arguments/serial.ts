import {portNames} from '../../core/events.ts';
import {option} from '../run.ts';
import type {Profile} from '../schema.ts';

/** One socket and one UART a port; a port that the profile lacks gets neither. */
export const serialArguments = ({uarts}: Profile): readonly string[] => {
	const ports = portNames.flatMap((name, index) => {
		const uart = uarts[name];
		return uart === undefined ? [] : {name, index, ...uart};
	});
	return [
		...ports.flatMap(({name}) => [
			'-chardev',
			option('socket', {id: name, path: `${name}.sock`, server: true, wait: false}),
		]),
		// In descending order: ACPI lists the last device first, and the guest must find ttyS0 first.
		...ports
			.toReversed()
			.flatMap(({name, index, port, irq}) => [
				'-device',
				option('isa-serial', {id: `uart-${name}`, chardev: name, index, iobase: `0x${port.toString(16)}`, irq}),
			]),
	];
};
