import {
	type DataFrame,
	type Evidence,
	type OffloadSession,
	carried,
	droppedBroken,
	hasPartialChecksum,
	judgeByFrames,
	judgeByStream,
	labAtHand,
	leftOn,
	needsChecksum,
	negotiated,
	openOffloadSession,
	scenario,
	transportChecksumState,
	watched,
} from '../harness/index.ts';

export default scenario({
	id: 'offload-checksum',
	title: 'The adapter computes and checks checksums',
	proves: ['hw.net.checksum', 'throughput.checksum'],
	needsGuest: true,
	usesTools: true,
	usesLab: true,
	alone: true,
	// Its interface is away for a while, and network managers notice.
	order: 'late',
	async run({guest, machine, judge, keep, note, measured, selected, alone, deadline}) {
		const atHand = await labAtHand(['hw.net.checksum', 'throughput.checksum'], {guest, machine, judge});
		if (atHand === undefined) {
			return;
		}

		const bits = await negotiated(['CSUM', 'GUEST_CSUM'], {guest, machine});
		await using session = await openOffloadSession(guest, {...atHand, deadline});
		const {link} = session;
		const left = leftOn(link.features, ['tx-checksumming', 'rx-checksumming']);
		const wire = [...(await seenOnTheWire(session)), ...(await droppedBroken(session))];
		await judgeByFrames('hw.net.checksum', [...bits, ...left, ...wire], {session, judge, keep, note});
		const transmit = [...bits.filter(({what}) => what === 'feature bit CSUM'), ...left.slice(0, 1)];
		if (transmit.some(({holds}) => !holds)) {
			judge('throughput.checksum', transmit);
			return;
		}

		if (!selected('throughput.checksum')) {
			return;
		}

		// Without checksum offload there is neither TSO nor GSO: both arms do without them.
		await link.set({tso: false, gso: false});
		await judgeByStream('checksum', {
			session,
			machine,
			judge,
			measured,
			alone,
			name: 'checksum',
			direction: 'from-guest',
			toggle: async (arm) => link.set({tx: arm === 'on'}),
			evidence: transmit,
		});
	},
});

/** What the guest leaves to the adapter, and that the bytes are right with the offload and without it. */
const seenOnTheWire = async (session: OffloadSession): Promise<readonly Evidence[]> => {
	const on = await watched(session, async () => carried(session, 'checksum offload as the image left it'));
	await session.link.set({tx: false});
	const off = await watched(session, async () => carried(session, 'transmit checksum off'));
	await session.link.restore();
	return [
		{
			...states(on.frames),
			what: 'checksums of the frames that the guest sent',
			...allOf('left to the adapter (partial)', on.frames),
		},
		{...states(off.frames), what: 'the same with the offload off', ...allOf('right', off.frames)},
		...on.result,
		...off.result,
	];
};

const stateOf = ({bytes, packet, header}: DataFrame): string =>
	needsChecksum(header)
		? hasPartialChecksum(packet)
			? 'left to the adapter (partial)'
			: 'left to the adapter, but not partial'
		: transportChecksumState(bytes, packet);

const states = (frames: readonly DataFrame[]): Pick<Evidence, 'side' | 'observed'> => {
	const counts = Object.entries(Object.groupBy(frames, stateOf)).map(
		([state, group]) => `${group?.length ?? 0} ${state}`,
	);
	return {side: 'host', observed: counts.length === 0 ? 'no frame was sent' : counts.join(', ')};
};

const allOf = (state: string, frames: readonly DataFrame[]): Pick<Evidence, 'expected' | 'holds'> => ({
	expected: `all ${state}`,
	holds: frames.length > 0 && frames.every((frame) => stateOf(frame) === state),
});
