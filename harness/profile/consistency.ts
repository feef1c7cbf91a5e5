import type {z} from 'zod';
import type {profileSchema} from './schema.ts';

type Values = z.infer<typeof profileSchema>;

export type Contradiction = {readonly path: readonly string[]; readonly message: string};

/** What no single key shows: two things in one place, and sizes that do not fit each other. QEMU would refuse them in words of its own. */
export const findContradictions = ({pci, disk, network, extraDisks, uarts}: Values): readonly Contradiction[] => [
	...duplicates(
		Object.entries(pci).flatMap(([name, row]) =>
			row === undefined ? [] : {path: ['pci', name, 'slot'], place: row.slot},
		),
	),
	...duplicates([
		{path: ['disk', 'scsiId'], place: `SCSI id ${disk.scsiId}`},
		...Object.entries(extraDisks).map(([name, {scsiId}]) => ({
			path: ['extraDisks', name, 'scsiId'],
			place: `SCSI id ${scsiId}`,
		})),
	]),
	...duplicates(
		Object.entries(uarts).map(([name, {port}]) => ({
			path: ['uarts', name, 'port'],
			place: `port 0x${port.toString(16)}`,
		})),
	),
	...(['scsi', 'network', 'rng'] as const)
		.filter((name) => !pci[name].slot.endsWith('.0'))
		.map((name) => ({path: ['pci', name, 'slot'], message: 'a virtio device is function 0 of its slot'})),
	...(disk.physicalBlockSize < disk.logicalBlockSize
		? [{path: ['disk', 'physicalBlockSize'], message: `smaller than a logical block (${disk.logicalBlockSize} bytes)`}]
		: []),
	...(subnet(network.address) === subnet(network.gateway)
		? []
		: [{path: ['network', 'address'], message: `not in the gateway's network (${subnet(network.gateway)}.0/24)`}]),
];

/** The network of the machine's own DHCP is a /24 around the gateway. */
const subnet = (address: string): string => address.split('.').slice(0, 3).join('.');

type Placed = {readonly path: readonly string[]; readonly place: string};

const duplicates = (all: readonly Placed[]): readonly Contradiction[] =>
	all
		.map(({path, place}, index) => ({path, place, first: all.slice(0, index).find((other) => other.place === place)}))
		.filter(({first}) => first !== undefined)
		.map(({path, place, first}) => ({path, message: `${place} is taken by ${first?.path.slice(0, -1).join('.')}`}));
