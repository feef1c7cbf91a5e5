import {parseReachable, reachabilityNotes, reachableCommand, scenario, wallClockMs} from '../harness/index.ts';

export default scenario({
	id: 'reachability',
	title: 'What logging in over the network depends on (settles no row)',
	proves: [],
	needsGuest: true,
	usesTools: true,
	usesLab: true,
	async run({guest, machine, note}) {
		const {network} = machine;
		if (network.kind === 'user') {
			return;
		}

		const {address, hostname} = network.lab.network;
		const [busybox, ip, socat] = [await guest.tool('busybox'), await guest.tool('ip'), await guest.tool('socat')];
		const {text} = await guest.run(reachableCommand({busybox, ip, socat}));
		const notes = reachabilityNotes(parseReachable(text), {
			address,
			hostname,
			leaseMs: machine.leaseMs(),
			clock: Math.round(wallClockMs() / 1000),
		});
		for (const line of notes) {
			note(line);
		}
	},
});
