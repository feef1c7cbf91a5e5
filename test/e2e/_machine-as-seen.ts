import {RootShell} from '../../harness/console/root-shell.ts';
import {Deadline} from '../../harness/core/deadline.ts';
import {type FileDump, textOf} from '../../harness/machine/file-dump.ts';
import {createGuest} from '../../harness/machine/guest.ts';
import {hex, pciFunctions} from '../../harness/machine/observe/pci-functions.ts';
import {type Guest} from './_guest.ts';

export type MachineAsSeen = {
	/** `00:01.0 8086:7110 rev 03 class 060100 subsystem 1af4:1100`, by the configuration space. */
	readonly pci: readonly string[];
	/** The same without revision and subsystem, as the kernel read it when it started. */
	readonly pciAtStart: readonly string[];
	/** Sizes in bytes by function: `io 64`, `mem 4096`. */
	readonly bars: Readonly<Record<string, readonly string[]>>;
	/** `PNP0501 io 0x3f8-0x3ff irq 4` */
	readonly pnp: readonly string[];
	/** /sys/class/dmi/id, without its aliases. */
	readonly dmi: Readonly<Record<string, string>>;
	/** OEM id and OEM table id of each ACPI table. */
	readonly acpi: readonly string[];
	/** What the network device is. */
	readonly link: string;
	/** Feature bits that each virtio device and its driver agreed on, the lowest first. */
	readonly virtioFeatures: readonly string[];
	readonly log: readonly string[];
};

const patterns = [
	'/sys/bus/pci/devices/*/config',
	'/sys/bus/pci/devices/*/uevent',
	'/sys/bus/pci/devices/*/resource',
	'/sys/bus/pnp/devices/*/id',
	'/sys/bus/pnp/devices/*/resources',
	'/sys/class/dmi/id/*',
	'/sys/firmware/acpi/tables/*',
	'/sys/class/net/*/address',
	'/sys/class/net/*/mtu',
	'/sys/bus/virtio/devices/*/features',
];

/**
 * Waits for the shell on ttyS1 and asks the guest's kernel what it sees.
 * @param from offset in the bytes of ttyS1: what came before it belongs to an earlier start
 */
export const lookAround = async ({ports}: Pick<Guest, 'ports'>, from = 0): Promise<MachineAsSeen> => {
	using deadline = new Deadline({phase: 'look around', budgetMs: 60_000});
	const port = ports.find(({name}) => name === 'ttyS1')!;
	await port.expect('# ', deadline, {from, what: "the shell's prompt"});
	await using shell = await RootShell.open(port, deadline);
	const dump = await createGuest(shell, {shellPort: port.name, deadline}).readAll(patterns);
	const {text} = await shell.run('dmesg', {deadline});
	const files = (pattern: RegExp): ReadonlyArray<readonly [name: string, text: string]> =>
		dump
			.keys()
			.flatMap((path): ReadonlyArray<readonly [string, string]> => {
				const name = pattern.exec(path)?.[1];
				return name === undefined ? [] : [[name, textOf(dump, path) ?? '']];
			})
			.toArray();
	return {
		pci: pciFunctions(dump).map((one) => {
			const config = dump.get(`${one.path}/config`)!;
			const ids = `${hex(one.vendor, 4)}:${hex(one.device, 4)}`;
			const subsystem = `${hex(config.readUInt16LE(44), 4)}:${hex(one.subsystem, 4)}`;
			return `${one.address} ${ids} rev ${hex(one.revision, 2)} class ${hex(config.readUIntLE(9, 3), 6)} subsystem ${subsystem}`;
		}),
		pciAtStart: files(/devices\/0000:(.*)\/uevent$/u).map(([address, lines]) => {
			const value = (key: string): string => new RegExp(`^${key}=(.*)$`, 'mu').exec(lines)?.[1] ?? '';
			return `${address} ${value('PCI_ID').toLowerCase()} class ${value('PCI_CLASS').toLowerCase().padStart(6, '0')}`;
		}),
		bars: Object.fromEntries(files(/devices\/0000:(.*)\/resource$/u).map(([address, lines]) => [address, bars(lines)])),
		pnp: files(/pnp\/devices\/(.*)\/id$/u).map(([name, id]) => `${id} ${pnpResources(dump, name)}`.trim()),
		dmi: Object.fromEntries(
			files(/dmi\/id\/(.*)$/u).filter(([name, value]) => value !== '' && name !== 'uevent' && name !== 'modalias'),
		),
		acpi: [...dump].flatMap(([path, table]) => {
			const name = /acpi\/tables\/([A-Z]{4})$/u.exec(path)?.[1];
			// FACS has no such header.
			return name === undefined || name === 'FACS'
				? []
				: `${name} ${table.toString('latin1', 10, 16)} ${table.toString('latin1', 16, 24).replaceAll('\0', '')}`;
		}),
		link: files(/net\/(ens.*)\/address$/u)
			.map(([name, address]) => `${name} ${address} mtu ${textOf(dump, `/sys/class/net/${name}/mtu`)}`)
			.join(', '),
		virtioFeatures: files(/virtio\/devices\/(.*)\/features$/u).map(([, bits]) => bits),
		log: text.split('\n').map((line) => line.replace(/^\[ *[\d.]+\] /u, '')),
	};
};

/** IORESOURCE_IO and IORESOURCE_MEM of include/linux/ioport.h. */
const bars = (lines: string): readonly string[] =>
	lines.split('\n').flatMap((line) => {
		const [start = 0, end = 0, flags = 0] = line.split(' ').map(Number);
		return end === 0 ? [] : `${(flags & 0x1_00) === 0 ? 'mem' : 'io'} ${end - start + 1}`;
	});

const pnpResources = (dump: FileDump, name: string): string =>
	(textOf(dump, `/sys/bus/pnp/devices/${name}/resources`) ?? '')
		.split('\n')
		.filter((line) => !line.startsWith('state'))
		.join(' ');
