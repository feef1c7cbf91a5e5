import {
	type Evidence,
	type NetInterface,
	equal,
	netFiles,
	netInterfaces,
	scenario,
	virtioEvidence,
	virtioFiles,
} from '../harness/index.ts';

const adapter = {
	name: 'virtio-net',
	device: 0x10_00,
	subsystem: 1,
	address: '00:04.0',
	driver: 'virtio_net',
} as const;

export default scenario({
	id: 'net',
	title: 'virtio network adapter',
	proves: ['hw.net.identity'],
	needsGuest: true,
	async run({guest, machine, judge}) {
		const dump = await guest.readAll([...virtioFiles, ...netFiles]);
		const links = netInterfaces(dump);
		const link = links.find(({address}) => address === adapter.address) ?? links[0];
		judge('hw.net.identity', [...(await virtioEvidence(adapter, dump, machine)), isUp(link)]);
	},
});

/** A driver that reports no link leaves the state unknown: RFC 2863 counts that as up. */
const isUp = (link: NetInterface | undefined): Evidence =>
	equal('guest', `interface${link === undefined ? '' : ` ${link.name}`}`, {
		expected: 'up',
		observed: link && (link.up ? link.operState.replace('unknown', 'up') : 'switched off'),
	});
