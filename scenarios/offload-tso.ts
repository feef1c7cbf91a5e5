import {
	type DataFrame,
	type Evidence,
	carried,
	judgeByFrames,
	judgeByStream,
	labAtHand,
	leftOn,
	negotiated,
	openOffloadSession,
	scenario,
	segmentFrame,
	segmentProblems,
	showBeyondIpv4,
	watched,
} from '../harness/index.ts';

const ethernetBytes = 14;
/** Large frames whose segments are rebuilt. */
const rebuilt = 12;

export default scenario({
	id: 'offload-tso',
	title: 'The adapter cuts TCP segments',
	proves: ['hw.net.tso4', 'throughput.tso4'],
	needsGuest: true,
	usesTools: true,
	usesLab: true,
	alone: true,
	// Its interface is away for a while, and network managers notice.
	order: 'late',
	async run({guest, machine, judge, keep, note, measured, selected, alone, deadline}) {
		const atHand = await labAtHand(['hw.net.tso4', 'throughput.tso4'], {guest, machine, judge});
		if (atHand === undefined) {
			return;
		}

		const bits = await negotiated(['HOST_TSO4'], {guest, machine});
		await using session = await openOffloadSession(guest, {...atHand, deadline});
		const {link} = session;
		const left = leftOn(link.features, ['tcp-segmentation-offload']);
		const on = await watched(session, async () => carried(session, 'TSO as the image left it'));
		await showBeyondIpv4(session, {machine, measured, note});
		await link.set({tso: false, gso: false});
		const off = await watched(session, async () => carried(session, 'TSO off'));
		const {mtu} = atHand.lab.network;
		const wire = [...largeFrames(on.frames, mtu), smallFrames(off.frames, mtu), ...on.result, ...off.result];
		await judgeByFrames('hw.net.tso4', [...bits, ...left, ...wire], {session, judge, keep, note});
		if (left.some(({holds}) => !holds) || bits.some(({holds}) => !holds)) {
			judge('throughput.tso4', [...bits, ...left]);
			return;
		}

		if (!selected('throughput.tso4')) {
			return;
		}

		await judgeByStream('tso4', {
			session,
			machine,
			judge,
			measured,
			alone,
			name: 'TSO',
			direction: 'from-guest',
			toggle: async (arm) => link.set({tso: arm === 'on', gso: arm === 'on'}),
			evidence: left,
		});
	},
});

const largeFrames = (frames: readonly DataFrame[], mtu: number): readonly Evidence[] => {
	const longest = Math.max(0, ...frames.map(({wireBytes}) => wireBytes));
	const large = frames.filter(({wireBytes, bytes}) => wireBytes > mtu + ethernetBytes && bytes.length === wireBytes);
	const problems = large.slice(0, rebuilt).flatMap(({bytes, header}) => {
		const cut = segmentFrame(bytes, header);
		return cut.type === 'faulty'
			? cut.problems
			: segmentProblems({frame: bytes, segments: cut.segments, gsoBytes: header.gsoBytes, mtu});
	});
	return [
		{
			side: 'host',
			what: 'longest frame that the guest sent',
			expected: `more than ${mtu + ethernetBytes} bytes`,
			observed: `${longest} bytes`,
			holds: longest > mtu + ethernetBytes,
		},
		{
			side: 'host',
			what: `wire segments rebuilt from ${Math.min(rebuilt, large.length)} of these frames`,
			expected: 'the same bytes, each within the MTU, checksums and sequence right',
			observed:
				large.length === 0
					? 'there was none'
					: (problems[0] ?? 'the same bytes, each within the MTU, checksums and sequence right'),
			holds: large.length > 0 && problems.length === 0,
		},
	];
};

const smallFrames = (frames: readonly DataFrame[], mtu: number): Evidence => {
	const longest = Math.max(0, ...frames.map(({wireBytes}) => wireBytes));
	return {
		side: 'host',
		what: 'longest frame that the guest sent with TSO and GSO off',
		expected: `at most ${mtu + ethernetBytes} bytes`,
		observed: `${longest} bytes`,
		holds: longest > 0 && longest <= mtu + ethernetBytes,
	};
};
