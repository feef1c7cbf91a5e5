import {pollPause} from '../../core/clock.ts';
import {type FrameSizes} from '../../core/events.ts';
import {protocols} from '../../lab/frames/packet.ts';
import {binSizes, sizeLimits} from '../../lab/frames/size-bins.ts';
import {type MeasurePairs} from './measure-pairs.ts';
import {type OffloadSession} from './open-session.ts';

type CountSizes = Pick<MeasurePairs, 'toggle'> & {
	/** Of the stream that runs. */
	readonly direction: 'from-guest' | 'to-guest';
};

/** A stream of 100 Mbit/s sends a thousand frames of the MTU meanwhile, and 25 of 52 KB. */
const lookMs = 120;
/** On a host that is busy a stream stands still for moments: it is looked at longer, though not for ever. */
const fewestFrames = 50;
const mostLooks = 8;

/**
 * How long the frames of a stream are, with the offload and without it. Looked at after the measurement: counting takes a processor that
 * the stream could use. It is shown and judges nothing, so that whatever goes wrong here leaves it out.
 */
export const countSizes = async (
	session: Pick<OffloadSession, 'frames' | 'peer' | 'lab' | 'deadline'>,
	{toggle, direction}: CountSizes,
): Promise<FrameSizes | undefined> => {
	const {frames, peer, lab, deadline} = session;
	const port = direction === 'from-guest' ? peer.ports.sink : peer.ports.source;
	const passed = async (): Promise<number> =>
		(await lab.counters())[direction === 'from-guest' ? 'fromGuest' : 'toGuest'].frames;
	const look = async (arm: 'on' | 'off'): Promise<{readonly bins: readonly number[]; readonly unseen: number}> => {
		await toggle(arm);
		await using count = await frames.count({ipProtocol: protocols.tcp, port, direction}, deadline);
		const before = await passed();
		for (let looks = 0; looks < mostLooks && (looks === 0 || (await passed()) - before < fewestFrames); looks++) {
			await pollPause(lookMs, deadline.signal);
		}

		const counted = await count.stop(deadline);
		return {bins: binSizes(counted[direction].sizes), unseen: counted.unseen};
	};

	try {
		const on = await look('on');
		const off = await look('off');
		return {limits: sizeLimits, on: on.bins, off: off.bins, unseen: on.unseen + off.unseen};
	} catch {
		deadline.signal.throwIfAborted();
		return undefined;
	}
};
