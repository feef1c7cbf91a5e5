import {
	loginNote,
	parseReachable,
	reachabilityNotes,
	reachableCommand,
	scenario,
	tryLogin,
	wallClockMs,
} from '../harness/index.ts';

export default scenario({
	id: 'reachability',
	title: 'What logging in over the network depends on (settles no row)',
	proves: [],
	needsGuest: true,
	usesTools: true,
	usesLab: true,
	async run({guest, machine, note, deadline}) {
		const {network} = machine;
		if (network.kind === 'user') {
			return;
		}

		const {address, hostname} = network.lab.network;
		const [busybox, ip, socat] = [await guest.tool('busybox'), await guest.tool('ip'), await guest.tool('socat')];
		const {text} = await guest.run(reachableCommand({busybox, ip, socat}));
		const seen = parseReachable(text);
		const notes = reachabilityNotes(seen, {
			address,
			hostname,
			leaseMs: machine.leaseMs(),
			clock: Math.round(wallClockMs() / 1000),
		});
		for (const line of notes) {
			note(line);
		}

		// Without one of these it is clear already that nobody gets in, and why.
		if (seen.listensOnSsh && seen.hasMetadata && seen.addresses.includes(address)) {
			note(loginNote(await tryLogin(guest, {lab: network.lab, deadline, busybox}), address));
		}
	},
});
