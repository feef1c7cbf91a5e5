import {
	type Deadline,
	type Evidence,
	type FileDump,
	type Guest,
	type NetInterface,
	equal,
	netFiles,
	netInterfaces,
	pollPause,
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
	async run({guest, machine, judge, deadline}) {
		const {dump, link} = await lookAtLink(guest, deadline);
		judge('hw.net.identity', [...(await virtioEvidence(adapter, dump, machine)), isUp(link)]);
	},
});

/** So often the interface is looked at, and so far apart: two seconds, as an emulated guest is slow. */
const looks = 11;
const lookMs = 200;

/**
 * Looks again while an interface that is switched on is still down: the kernel tells states at most once a second (net/core/link_watch.c),
 * and a way in may be open before.
 */
const lookAtLink = async (
	guest: Guest,
	{signal}: Deadline,
): Promise<{readonly dump: FileDump; readonly link: NetInterface | undefined}> => {
	for (let look = 1; ; look++) {
		const dump = await guest.readAll([...virtioFiles, ...netFiles]);
		const links = netInterfaces(dump);
		const link = links.find(({address}) => address === adapter.address) ?? links[0];
		if (link?.up !== true || link.operState !== 'down' || look === looks) {
			return {dump, link};
		}

		await pollPause(lookMs, signal);
	}
};

/** A driver that reports no link leaves the state unknown: RFC 2863 counts that as up. */
const isUp = (link: NetInterface | undefined): Evidence =>
	equal('guest', `interface${link === undefined ? '' : ` ${link.name}`}`, {
		expected: 'up',
		observed: link && (link.up ? link.operState.replace('unknown', 'up') : 'switched off'),
	});
