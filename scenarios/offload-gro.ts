import {
	type CoalesceOutcome,
	type Evidence,
	type Features,
	type OffloadSession,
	carried,
	coalesce,
	growthOf,
	judgeByFrames,
	judgeByStream,
	labAtHand,
	leftOn,
	negotiated,
	openOffloadSession,
	pollPause,
	scenario,
} from '../harness/index.ts';

const ethernetBytes = 14;
/** A stream is under way by then. */
const leadMs = 100;
/** Then it is looked at for so long. */
const lookMs = 300;
/** A receiver that merges at all gets far more into one packet. */
const leastMerge = 2;
/** Without merging it is one, but the guest's two counters are not read in the same moment, and not every packet is a segment. */
const unmerged = 1.1;

export default scenario({
	id: 'offload-gro',
	title: 'Received segments are merged before the IP layer',
	proves: ['hw.net.gro4', 'throughput.gro4'],
	needsGuest: true,
	usesTools: true,
	usesLab: true,
	alone: true,
	// Its interface is away for a while, and network managers notice.
	order: 'late',
	async run({guest, machine, judge, keep, note, measured, selected, alone, deadline}) {
		const atHand = await labAtHand(['hw.net.gro4', 'throughput.gro4'], {guest, machine, judge});
		if (atHand === undefined) {
			return;
		}

		const bits = await negotiated(['GUEST_TSO4'], {guest, machine});
		await using session = await openOffloadSession(guest, {...atHand, deadline});
		const {link} = session;
		const left = leftOn(link.features, ['generic-receive-offload', ...deviceFeature(link.features)]);
		const large = await largeFramesArrive(session);
		// From here on the host hands over nothing that is longer than the MTU, and no checksum that is not computed.
		await session.setTap({tso: false, gso: false, tx: false});
		const on = await merging(session);
		const cases = await coalesce(session, {kernel: versionOf((await guest.facts()).kernelRelease)});
		const carriedOn = await carried(session, 'small frames, GRO as the image left it');
		await link.set({gro: false});
		const off = await merging(session);
		const carriedOff = await carried(session, 'small frames, GRO off');
		const merges = mergeEvidence(on, off);
		const wire = [large, ...merges, caseEvidence(cases), ...carriedOn, ...carriedOff];
		await judgeByFrames('hw.net.gro4', [...bits, ...left, ...wire], {session, judge, keep, note});
		const needed = [...left.slice(0, 1), ...merges.slice(0, 1)];
		if (left[0]?.holds !== true) {
			judge('throughput.gro4', needed);
			return;
		}

		if (!selected('throughput.gro4')) {
			return;
		}

		await judgeByStream('gro4', {
			session,
			machine,
			judge,
			measured,
			alone,
			name: 'GRO',
			direction: 'to-guest',
			toggle: async (arm) => link.set({gro: arm === 'on'}),
			evidence: needed,
			merged: {on: on.factor, off: off.factor},
		});
	},
});

/** The card's own merging: its name since Linux 5.15 (commit dbcf24d15388) and before. A driver that cannot switch it shows it as fixed. */
const deviceFeature = (features: Features): readonly string[] =>
	['rx-gro-hw', 'large-receive-offload'].filter((name) => features.get(name)?.fixed === false);

/** That the host may hand over segments as one large frame, which is what GUEST_TSO4 is for. */
const largeFramesArrive = async ({frames, peer, link, lab, tools, deadline}: OffloadSession): Promise<Evidence> => {
	const limit = lab.network.mtu + ethernetBytes;
	await using count = await frames.count({ipProtocol: 6, port: peer.ports.give, direction: 'to-guest'}, deadline);
	await link.run(`${tools.socat} -u -T 20 -b 131072 TCP4:${lab.network.gateway}:${peer.ports.give} OPEN:/dev/null`);
	const {'to-guest': seen} = await count.stop(deadline);
	return {
		side: 'host',
		what: 'longest frame that the guest was given, with segmentation left to it',
		expected: `more than ${limit} bytes`,
		observed: `${seen.longestBytes} bytes`,
		holds: seen.longestBytes > limit,
	};
};

type Merging = {
	/** Given to the guest while it was looked at. */
	readonly frames: number;
	/** That the guest's IP layer saw of them. */
	readonly packets: number;
	/** Segments to a packet, as the guest counts them. */
	readonly factor: number;
};

/** Looks at a stream of small frames from both sides. */
const merging = async (session: OffloadSession): Promise<Merging> => {
	const {lab, counters, deadline} = session;
	await using _stream = await session.stream('to-guest');
	await pollPause(leadMs, deadline.signal);
	// The host's counter is read inside the guest's, so that what the guest saw is never less than what is asked of it.
	const before = await counters();
	const {toGuest: start} = await lab.counters();
	await pollPause(lookMs, deadline.signal);
	const {toGuest: end} = await lab.counters();
	const {packets, segments} = growthOf(before, await counters());
	return {frames: end.frames - start.frames, packets, factor: packets === 0 ? 0 : segments / packets};
};

const mergeEvidence = (on: Merging, off: Merging): readonly [Evidence, Evidence, Evidence] => [
	{
		side: 'guest',
		what: 'segments of a stream of small frames to a packet of the IP layer',
		expected: `at least ${leastMerge}`,
		observed: on.factor.toFixed(1),
		holds: on.factor >= leastMerge,
	},
	{
		side: 'host',
		what: `frames given to the guest for each packet that its IP layer saw (${on.frames}, ${on.packets})`,
		expected: `at least ${leastMerge}`,
		observed: on.packets === 0 ? 'it saw none' : (on.frames / on.packets).toFixed(1),
		holds: on.packets > 0 && on.frames / on.packets >= leastMerge,
	},
	{
		side: 'guest',
		what: 'segments to a packet with GRO off',
		expected: `at most ${unmerged}`,
		observed: off.packets === 0 ? 'it saw none' : off.factor.toFixed(1),
		holds: off.packets > 0 && off.factor <= unmerged,
	},
];

const caseEvidence = (outcomes: readonly CoalesceOutcome[]): Evidence => {
	const judged = outcomes.filter(({isJudged}) => isJudged);
	const wrong = judged.filter(({right}) => !right);
	const tries = Math.max(0, ...judged.map((outcome) => outcome.tries));
	const first = wrong[0];
	return {
		side: 'guest',
		what: `packet sizes in ${judged.length} cases in which segments may or must not be merged`,
		expected: 'all as the rules of GRO have it',
		observed:
			first === undefined
				? 'all as the rules of GRO have it'
				: `${wrong.length} wrong after ${tries} tries, such as ${first.name}: ${first.observed.join(' ') || 'nothing'} instead of ${first.expected.join(' ')}`,
		holds: judged.length > 0 && wrong.length === 0,
	};
};

const versionOf = (release: string): readonly [number, number] => {
	const [, major = '0', minor = '0'] = /^(\d+)\.(\d+)/v.exec(release) ?? [];
	return [Number(major), Number(minor)];
};
