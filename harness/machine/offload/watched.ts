import {HostError} from '../../core/errors.ts';
import {type CapturedFrame} from '../../lab/frames/captured-frames.ts';
import {type Packet, parsePacket, protocols} from '../../lab/frames/packet.ts';
import {type OffloadSession} from './open-session.ts';

/** A frame with TCP payload from the guest, and what stands in it. */
export type DataFrame = CapturedFrame & {readonly packet: Packet};

/** Enough for a judgement; the rest of a transfer need not be kept. */
const limits = {maxFrames: 300, maxBytes: 12 * 1024 * 1024};

/** Does something, and keeps the frames with which the guest returned its data meanwhile. @throws HostError where none was seen */
export const watched = async <Result>(
	{frames, peer, deadline}: OffloadSession,
	action: () => Promise<Result>,
): Promise<{readonly result: Result; readonly frames: readonly DataFrame[]}> => {
	const filter = {ipProtocol: protocols.tcp, port: peer.ports.take, direction: 'from-guest'} as const;
	await using capture = await frames.capture({filter, ...limits, deadline});
	const result = await action();
	const captured = await capture.stop(deadline);
	const data = captured.frames
		.map((frame) => ({...frame, packet: parsePacket(frame.bytes)}))
		.filter((frame): frame is DataFrame => frame.packet !== undefined && frame.packet.payload.length > 0);
	if (data.length === 0 && captured.unseen > 0) {
		throw new HostError(`None of ${captured.unseen} frames from the guest could be looked at: this host is too busy`);
	}

	return {result, frames: data};
};
