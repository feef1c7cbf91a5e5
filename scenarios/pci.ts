import {
	type Evidence,
	type Guest,
	type HostPciFunction,
	type Judgement,
	type Machine,
	type PciFunction,
	equal,
	hex,
	judgeEvidence,
	parseQueryPci,
	pciFiles,
	pciFunctions,
	pciId,
	pciProcFiles,
	scenario,
} from '../harness/index.ts';

/** The two functions of the Intel 82371AB/EB/MB that the hardware manifest names, where they are, and what profiles call them. */
const bridges = [
	{id: 'hw.pci.isa-bridge', row: 'isaBridge', slot: 1, function: 0, device: 0x71_10, revision: 0x03, class: 0x06_01},
	{id: 'hw.pci.acpi-bridge', row: 'acpiBridge', slot: 1, function: 3, device: 0x71_13, revision: 0x03, class: 0x06_80},
] as const;

type Bridge = (typeof bridges)[number];

/** Everything else that the real machine has on its bus; anything beyond is worth a note. */
const neighbours = ['00:00.0 8086:1237', '00:03.0 1af4:1004', '00:04.0 1af4:1000', '00:05.0 1af4:1005'];

export default scenario({
	id: 'pci',
	title: 'PIIX4 ISA and ACPI bridges on the PCI bus',
	proves: ['hw.pci.isa-bridge', 'hw.pci.acpi-bridge'],
	needsGuest: true,
	async run({guest, machine, judge, note}) {
		const seen = await guestBus(guest);
		const real = parseQueryPci(await machine.qmp('query-pci'));
		for (const bridge of bridges) {
			const evidence = [...guestEvidence(bridge, seen), ...(await hostEvidence(bridge, machine, real))];
			judge(bridge.id, judgeBridge(bridge, machine, evidence));
		}

		const expected = new Set([
			...neighbours,
			...bridges.map((bridge) => `${addressOf(bridge)} 8086:${hex(bridge.device, 4)}`),
		]);
		const others = seen
			.map(({address, vendor, device}) => `${address} ${pciId(vendor, device)}`)
			.filter((entry) => !expected.has(entry));
		if (others.length > 0) {
			note(`On the PCI bus, but not on the real machine's: ${others.join(', ')}`);
		}
	},
});

const guestBus = async (guest: Guest): Promise<readonly PciFunction[]> => {
	const functions = pciFunctions(await guest.readAll(pciFiles));
	return functions.length > 0 ? functions : pciFunctions(await guest.readAll(pciProcFiles));
};

const guestEvidence = (bridge: Bridge, bus: readonly PciFunction[]): readonly Evidence[] => {
	const address = addressOf(bridge);
	const found =
		bus.find(({vendor, device}) => vendor === 0x80_86 && device === bridge.device) ??
		bus.find((candidate) => candidate.address === address);
	return [
		equal('guest', `PCI id at ${found?.address ?? address}`, {
			expected: `8086:${hex(bridge.device, 4)}`,
			observed: found && pciId(found.vendor, found.device),
		}),
		equal('guest', 'revision in PCI config space', {
			expected: hex(bridge.revision, 2),
			observed: found && hex(found.revision, 2),
		}),
		equal('guest', 'class', {expected: hex(bridge.class, 4), observed: found && hex(found.class, 4)}),
	];
};

/** Ids by `query-pci`; revision and class, which it does not know, from the config space of the stopped machine. */
const hostEvidence = async (
	bridge: Bridge,
	machine: Machine,
	bus: readonly HostPciFunction[],
): Promise<readonly Evidence[]> => {
	const found = bus.find(({slot, function: fn}) => slot === bridge.slot && fn === bridge.function);
	const word = await machine.pciConfig({slot: bridge.slot, function: bridge.function, offset: 8, width: 4});
	return [
		equal('host', `PCI id at ${addressOf(bridge)}`, {
			expected: `8086:${hex(bridge.device, 4)}`,
			observed: found && pciId(found.vendor, found.device),
		}),
		equal('host', 'revision in PCI config space', {
			expected: hex(bridge.revision, 2),
			observed: hex(word & 0xff, 2),
		}),
		equal('host', 'class', {expected: hex(bridge.class, 4), observed: hex(word >>> 16, 4)}),
	];
};

/**
 * QEMU shows revision 00 of its own, so the profile overrides the byte. Where this host could not do that, a wrong
 * revision that both sides agree on is the host's lack and says nothing about the image.
 */
const judgeBridge = (bridge: Bridge, machine: Machine, evidence: readonly Evidence[]): Judgement => {
	const lack = machine.overrides.find(({id, applied}) => !applied && id === `pci.${bridge.row}`);
	const broken = evidence.filter(({holds}) => !holds);
	const [first] = broken;
	const agree =
		broken.length === 2 && broken.every((one) => one.what === first?.what && one.observed === first.observed);
	return lack !== undefined && agree && first?.what.startsWith('revision') === true
		? {
				verdict: 'skip',
				reason: `this host cannot show revision ${hex(bridge.revision, 2)}, guest and host both see ${first.observed}: ${lack.reason}`,
				evidence,
			}
		: judgeEvidence(evidence);
};

const addressOf = (bridge: Bridge): string => `00:${hex(bridge.slot, 2)}.${bridge.function}`;
