import {writeIpChecksum, writeTransportChecksum} from './build-packet.ts';
import {checksumOffset, hasPartialChecksum, isIpChecksumRight} from './checksum.ts';
import {type Packet, parsePacket, tcpFlags} from './packet.ts';
import {type VnetHeader, gsoKind, needsChecksum} from './vnet-header.ts';

/** The frames a network card would put on the wire, or what makes that impossible: one line for each fault. */
export type Segmented =
	| {readonly type: 'segments'; readonly segments: readonly Buffer[]}
	| {readonly type: 'faulty'; readonly problems: readonly string[]};

/**
 * Cuts a large frame into wire segments as the card would (virtio 1.3, 5.1.6.2; net/ipv4/tcp_offload.c `tcp_gso_segment`,
 * net/ipv4/af_inet.c `inet_gso_segment`): sequence number and IPv4 id run on, FIN and PSH stay for the last segment,
 * CWR for the first, lengths and checksums are each segment's own.
 */
export const segmentFrame = (frame: Buffer, header: VnetHeader): Segmented => {
	const packet = parsePacket(frame);
	const problems = packet === undefined ? ['no TCP or UDP packet'] : requestProblems({frame, header, packet});
	if (packet === undefined || problems.length > 0) {
		return {type: 'faulty', problems};
	}

	const count = Math.ceil(packet.payload.length / header.gsoBytes);
	const segments = Array.from({length: count}, (_, index) => segment({frame, header, packet, index, count}));
	return {type: 'segments', segments};
};

type Request = {readonly frame: Buffer; readonly header: VnetHeader; readonly packet: Packet};

/** A card that is asked for something contradictory sends rubbish or nothing: virtio_net_hdr_to_skb() refuses the same. */
const requestProblems = ({frame, header, packet}: Request): readonly string[] => {
	const {ip, transport, payload} = packet;
	const wanted = transport.kind === 'udp' ? 'udp' : (`tcp${ip.version}` as const);
	const start = transport.at;
	const offset = checksumOffset(transport);
	const rules: ReadonlyArray<readonly [boolean, string]> = [
		[gsoKind(header) === wanted, `gso_type ${header.gsoType} for ${transport.kind} over IPv${ip.version}`],
		[header.gsoBytes > 0, 'gso_size 0'],
		[payload.length > 0, 'no payload'],
		[needsChecksum(header), 'NEEDS_CSUM not set'],
		[header.checksumStart === start, `csum_start ${header.checksumStart}, the transport header is at ${start}`],
		[header.checksumOffset === offset, `csum_offset ${header.checksumOffset}, the checksum is at ${offset}`],
		[frame.length === ip.at + ip.totalBytes, `IP length ${ip.totalBytes} in a frame of ${frame.length} bytes`],
		[isIpChecksumRight(frame, ip), 'IP header checksum wrong'],
		[hasPartialChecksum(packet), 'checksum field is not the sum of the pseudo header'],
	];
	return rules.filter(([isRight]) => !isRight).map(([, problem]) => problem);
};

const segment = ({
	frame,
	header,
	packet: {ip, transport, payload},
	index,
	count,
}: Request & {readonly index: number; readonly count: number}): Buffer => {
	const headers = frame.subarray(0, transport.at + transport.headerBytes);
	const part = payload.subarray(index * header.gsoBytes, (index + 1) * header.gsoBytes);
	const bytes = Buffer.concat([headers, part]);
	const ipBytes = bytes.length - ip.at;
	if (ip.version === 4) {
		bytes.writeUInt16BE(ipBytes, ip.at + 2);
		bytes.writeUInt16BE((ip.id + index) & 0xff_ff, ip.at + 4);
	} else {
		bytes.writeUInt16BE(ipBytes - 40, ip.at + 4);
	}

	if (transport.kind === 'tcp') {
		bytes.writeUInt32BE((transport.sequence + index * header.gsoBytes) >>> 0, transport.at + 4);
		bytes.writeUInt8(segmentFlags({flags: transport.flags, index, count}), transport.at + 13);
	} else {
		bytes.writeUInt16BE(bytes.length - transport.at, transport.at + 4);
	}

	writeIpChecksum(bytes, ip);
	writeTransportChecksum(bytes, 'full');
	return bytes;
};

const segmentFlags = ({
	flags,
	index,
	count,
}: {
	readonly flags: number;
	readonly index: number;
	readonly count: number;
}): number => {
	const notLast = index < count - 1 ? tcpFlags.fin | tcpFlags.psh : 0;
	const notFirst = index > 0 ? tcpFlags.cwr : 0;
	return flags & ~notLast & ~notFirst;
};
