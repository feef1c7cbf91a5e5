import {
	type Evidence,
	type HostPciFunction,
	type NetInterface,
	type PciFunction,
	type VirtioStatus,
	askVirtioStatus,
	equal,
	hex,
	netFiles,
	netInterfaces,
	parseQueryPci,
	pciFiles,
	pciFunctions,
	pciId,
	scenario,
} from '../harness/index.ts';

/** PCI class of an Ethernet controller: where to look when the ids are wrong. */
const ethernet = 0x0200;

export default scenario({
	id: 'net',
	title: 'virtio network adapter',
	proves: ['hw.net.identity'],
	needsGuest: true,
	async run({guest, machine, judge}) {
		const dump = await guest.readAll([...pciFiles, ...netFiles]);
		const adapter = pick(pciFunctions(dump));
		const link = netInterfaces(dump).find(({address}) => address === adapter?.address);
		const real = pick(parseQueryPci(await machine.qmp('query-pci')));
		const status = await askVirtioStatus(machine.qmp, 'virtio-net');
		judge('hw.net.identity', [...guestEvidence(adapter, link), ...hostEvidence(real, status)]);
	},
});

/** The adapter the manifest asks for; else whatever sits there as a network controller, so that the row can name it. */
const pick = <Entry extends PciFunction | HostPciFunction>(bus: readonly Entry[]): Entry | undefined =>
	bus.find(({vendor, device}) => vendor === 0x1af4 && device === 0x1000) ??
	bus.find((entry) => entry.class === ethernet);

const guestEvidence = (adapter: PciFunction | undefined, link: NetInterface | undefined): readonly Evidence[] => [
	...identity('guest', adapter),
	equal('guest', 'driver on the virtio bus', {expected: 'virtio_net', observed: link?.driver}),
	equal('guest', `interface${link === undefined ? '' : ` ${link.name}`}`, {
		expected: 'up',
		observed: link && (link.up ? link.operState : 'switched off'),
	}),
];

const hostEvidence = (adapter: HostPciFunction | undefined, status: VirtioStatus | undefined): readonly Evidence[] => [
	...identity('host', adapter),
	equal('host', 'driver status of virtio-net', {
		expected: 'DRIVER_OK',
		observed: status && (status.driverStatus.includes('VIRTIO_CONFIG_S_DRIVER_OK') ? 'DRIVER_OK' : 'not DRIVER_OK'),
	}),
];

const identity = (side: 'guest' | 'host', adapter: PciFunction | HostPciFunction | undefined): readonly Evidence[] => [
	equal(side, `PCI id at ${adapter?.address ?? '00:04.0'}`, {
		expected: '1af4:1000',
		observed: adapter && pciId(adapter.vendor, adapter.device),
	}),
	equal(side, 'subsystem id', {
		expected: '0001',
		observed: adapter?.subsystem === undefined ? undefined : hex(adapter.subsystem, 4),
	}),
];
