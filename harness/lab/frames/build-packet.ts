import {HarnessBug} from '../../core/errors.ts';
import {checksumOffset, internetChecksum, partialChecksum, transportChecksum} from './checksum.ts';
import {
	type Flow,
	type IpFields,
	type TcpFields,
	ethernetHeader,
	ipHeader,
	tcpHeader,
	udpHeader,
} from './packet-headers.ts';
import {type Packet, parsePacket, protocols} from './packet.ts';

/** `partial`: the sum of the pseudo header, for a frame with NEEDS_CSUM. */
export type ChecksumKind = 'full' | 'partial';

export type BuildPacket = {
	readonly flow: Flow;
	readonly ip?: IpFields;
	/** UDP without. */
	readonly tcp?: TcpFields;
	readonly payload?: Buffer;
	readonly checksum?: ChecksumKind;
};

/** An Ethernet frame with one TCP or UDP packet and right checksums, not padded. */
export const buildPacket = ({
	flow,
	ip = {},
	tcp,
	payload = Buffer.alloc(0),
	checksum = 'full',
}: BuildPacket): Buffer => {
	const transport = tcp === undefined ? udpHeader(flow, payload.length) : tcpHeader(flow, tcp);
	const protocol = tcp === undefined ? protocols.udp : protocols.tcp;
	const network = ipHeader({flow, ip, protocol, bytes: transport.length + payload.length});
	const frame = Buffer.concat([ethernetHeader(flow), network, transport, payload]);
	writeTransportChecksum(frame, checksum);
	return frame;
};

/**
 * Writes the transport's checksum anew, after a change of the packet.
 * @throws HarnessBug when the frame is no TCP or UDP packet
 */
export const writeTransportChecksum = (frame: Buffer, checksum: ChecksumKind): void => {
	const packet = mustParse(frame);
	const value = checksum === 'full' ? transportChecksum(frame, packet) : partialChecksum(packet);
	frame.writeUInt16BE(value, packet.transport.at + checksumOffset(packet.transport));
};

/** Writes the IPv4 header's checksum anew; IPv6 has none. */
export const writeIpChecksum = (frame: Buffer, {at, headerBytes, version}: Packet['ip']): void => {
	if (version === 4) {
		frame.writeUInt16BE(0, at + 10);
		frame.writeUInt16BE(internetChecksum(frame.subarray(at, at + headerBytes)), at + 10);
	}
};

/** @throws HarnessBug when a frame that we built ourselves is no TCP or UDP packet */
export const mustParse = (frame: Buffer): Packet => {
	const packet = parsePacket(frame);
	if (packet === undefined) {
		throw new HarnessBug(`Not a TCP or UDP packet: ${frame.toString('hex').slice(0, 200)}`);
	}

	return packet;
};
