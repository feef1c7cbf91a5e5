import {type FileDump, matching, textOf} from '../file-dump.ts';

/** One function on the PCI bus, as one side of the machine sees it. */
export type PciFunction = {
	/** `bus:slot.function`, e.g. `00:01.0`. */
	readonly address: string;
	readonly vendor: number;
	readonly device: number;
	readonly revision: number;
	/** Class and subclass: 16 bits, e.g. 0x0601. */
	readonly class: number;
	readonly subsystem: number;
	/** Name of the bound driver as the kernel registered it; undefined where none is. */
	readonly driver: string | undefined;
	/** Path of the function in the dump. */
	readonly path: string;
};

const functions = '/sys/bus/pci/devices/*';

/** What a guest has to be asked for: configuration space and driver of every function. */
export const pciFiles: readonly string[] = [`${functions}/config`, `${functions}/uevent`];

/** The same configuration space where sysfs is not mounted. */
export const pciProcFiles: readonly string[] = ['/proc/bus/pci/[0-9a-f][0-9a-f]/*.*'];

/** All functions in a dump of `pciFiles` or `pciProcFiles`, by address. Files too short for a header are left out. */
export const pciFunctions = (dump: FileDump): readonly PciFunction[] =>
	matching(dump, /^(?<path>.*\/(?:[\da-f]{4}:)?(?<bus>[\da-f]{2})[:\/](?<slot>[\da-f]{2}\.[0-7]))(?:\/config)?$/v)
		.filter(({content}) => content.length >= 64)
		.map(({groups: [path = '', bus = '', slot = ''], content}) => ({
			address: `${bus}:${slot}`,
			...readHeader(content),
			driver: driverOf(textOf(dump, `${path}/uevent`)),
			path,
		}));

/** Type 0 configuration header: PCI Local Bus Specification 3.0, figure 6-1. */
const readHeader = (config: Buffer): Pick<PciFunction, 'vendor' | 'device' | 'revision' | 'class' | 'subsystem'> => ({
	vendor: config.readUInt16LE(0),
	device: config.readUInt16LE(2),
	revision: config.readUInt8(8),
	class: config.readUInt16LE(10),
	subsystem: config.readUInt16LE(46),
});

/** `DRIVER=virtio-pci` in a device's uevent file; the kernel leaves the line out while no driver is bound. */
export const driverOf = (uevent = ''): string | undefined => /^DRIVER=(.+)$/mv.exec(uevent)?.[1];

/** `0x8086`, `0x7110` → `8086:7110`, as lspci writes it. */
export const pciId = (vendor: number, device: number): string => `${hex(vendor, 4)}:${hex(device, 4)}`;

/** Lower-case hexadecimal digits, padded. */
export const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
