import {isIpChecksumRight, transportChecksumState} from './checksum.ts';
import {type Packet, parsePacket} from './packet.ts';

export type CheckSegments = {
	/** The large frame they came from. */
	readonly frame: Buffer;
	readonly segments: readonly Buffer[];
	/** Payload of each but the last, in bytes. */
	readonly gsoBytes: number;
	/** Of the interface: bytes of IP packet. */
	readonly mtu: number;
};

/**
 * What is wrong with wire segments, whoever cut them: together they must carry the frame's bytes, each fit the MTU with right checksums,
 * and TCP sequence numbers follow each other.
 * @returns one line for each fault; none when they are right
 */
export const segmentProblems = ({frame, segments, gsoBytes, mtu}: CheckSegments): readonly string[] => {
	const whole = parsePacket(frame);
	if (whole === undefined) {
		return ['the frame is no TCP or UDP packet'];
	}

	const carried = Buffer.concat(segments.map((segment) => parsePacket(segment)?.payload ?? Buffer.alloc(0)));
	return [
		...(carried.equals(whole.payload) ? [] : ['the segments together do not carry the bytes of the frame']),
		...segments.flatMap((segment, index) => {
			const start = index * gsoBytes;
			const payloadBytes = Math.min(gsoBytes, whole.payload.length - start);
			const problems = partProblems({whole, segment, start, payloadBytes, mtu});
			return problems.map((problem) => `segment ${index + 1} of ${segments.length}: ${problem}`);
		}),
	];
};

type Part = {
	readonly whole: Packet;
	readonly segment: Buffer;
	/** Of its payload, in the frame's. */
	readonly start: number;
	readonly payloadBytes: number;
	readonly mtu: number;
};

const partProblems = ({whole, segment, start, payloadBytes, mtu}: Part): readonly string[] => {
	const packet = parsePacket(segment);
	if (packet === undefined) {
		return ['no TCP or UDP packet'];
	}

	const {ip, transport, payload} = packet;
	const checksum = transportChecksumState(segment, packet);
	const sequence = whole.transport.kind === 'tcp' ? (whole.transport.sequence + start) >>> 0 : undefined;
	const rules: ReadonlyArray<readonly [boolean, string]> = [
		[payload.length === payloadBytes, `${payload.length} bytes of payload instead of ${payloadBytes}`],
		[ip.totalBytes <= mtu, `${ip.totalBytes} bytes with an MTU of ${mtu}`],
		[isIpChecksumRight(segment, ip), 'IP header checksum wrong'],
		[checksum === 'right' || checksum === 'absent', `${transport.kind} checksum ${checksum}`],
		[
			transport.kind === 'udp' || transport.sequence === sequence,
			`sequence number ${transport.kind === 'tcp' ? transport.sequence : 'missing'} instead of ${sequence ?? 'none'}`,
		],
	];
	return rules.filter(([isRight]) => !isRight).map(([, problem]) => problem);
};
