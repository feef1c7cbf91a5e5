import {z} from 'zod';
import {HostError} from '../../core/errors.ts';
import {hex} from './pci-functions.ts';

/** One function on the bus as QEMU describes it. `query-pci` knows no revision. */
export type HostPciFunction = {
	/** `bus:slot.function`, e.g. `00:01.0`. */
	readonly address: string;
	readonly slot: number;
	readonly function: number;
	readonly vendor: number;
	readonly device: number;
	/** Class and subclass: 16 bits. */
	readonly class: number;
	readonly subsystem: number | undefined;
};

const answer = z.array(
	z.object({
		bus: z.int(),
		devices: z.array(
			z.object({
				bus: z.int(),
				slot: z.int(),
				function: z.int(),
				class_info: z.object({class: z.int()}),
				id: z.object({vendor: z.int(), device: z.int(), subsystem: z.int().optional()}),
			}),
		),
	}),
);

/**
 * Reads the answer of QMP's `query-pci`. A function hidden by an override answers with vendor ffff and is left out,
 * as it is for the guest.
 * @throws HostError when QEMU answers something else
 */
export const parseQueryPci = (value: unknown): readonly HostPciFunction[] => {
	const parsed = answer.safeParse(value);
	if (!parsed.success) {
		throw new HostError(`QEMU's answer to query-pci is not understood: ${z.prettifyError(parsed.error)}`);
	}

	return parsed.data
		.flatMap(({devices}) => devices)
		.filter(({id}) => id.vendor !== 0xff_ff)
		.map(({bus, slot, function: fn, class_info: info, id}) => ({
			address: `${hex(bus, 2)}:${hex(slot, 2)}.${fn}`,
			slot,
			function: fn,
			vendor: id.vendor,
			device: id.device,
			class: info.class,
			subsystem: id.subsystem,
		}));
};
