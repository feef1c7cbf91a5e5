import {macText} from './addresses.ts';
import {type Ip, ethernetBytes, parseIp} from './ip.ts';

export type Ethernet = {readonly destination: string; readonly source: string; readonly etherType: number};

type TransportHeader = {
	readonly at: number;
	readonly headerBytes: number;
	readonly sourcePort: number;
	readonly destinationPort: number;
	readonly checksum: number;
};

/** RFC 9293 (793). */
export type Tcp = TransportHeader & {
	readonly kind: 'tcp';
	readonly sequence: number;
	readonly acknowledgement: number;
	/** Of `tcpFlags`. */
	readonly flags: number;
	readonly window: number;
};

/** RFC 768. */
export type Udp = TransportHeader & {readonly kind: 'udp'; readonly length: number};
export type Transport = Tcp | Udp;

export const protocols = {tcp: 6, udp: 17} as const;
export const tcpFlags = {fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32, ece: 64, cwr: 128} as const;

/** A TCP or UDP packet over IP; `payload` is what the transport header carries, without the frame's padding. */
export type Packet = {
	readonly ethernet: Ethernet;
	readonly ip: Ip;
	readonly transport: Transport;
	readonly payload: Buffer;
};

/** @returns undefined for anything but a whole TCP or UDP header over IPv4 or IPv6: other protocols, later fragments, frames cut short */
export const parsePacket = (frame: Buffer): Packet | undefined => {
	if (frame.length < ethernetBytes) {
		return undefined;
	}

	const etherType = frame.readUInt16BE(12);
	const ip = parseIp(frame, etherType);
	const transport = ip && parseTransport(frame, ip);
	if (ip === undefined || transport === undefined) {
		return undefined;
	}

	const ethernet = {destination: macText(frame.subarray(0, 6)), source: macText(frame.subarray(6, 12)), etherType};
	const payload = frame.subarray(transport.at + transport.headerBytes, ip.at + ip.totalBytes);
	return {ethernet, ip, transport, payload};
};

const parseTransport = (frame: Buffer, ip: Ip): Transport | undefined => {
	const at = ip.at + ip.headerBytes;
	const room = Math.min(frame.length, ip.at + ip.totalBytes) - at;
	if (ip.version === 4 && ip.fragmentOffset > 0) {
		return undefined;
	}

	if (ip.protocol === protocols.udp && room >= 8) {
		const ports = {sourcePort: frame.readUInt16BE(at), destinationPort: frame.readUInt16BE(at + 2)};
		const length = frame.readUInt16BE(at + 4);
		return {kind: 'udp', at, headerBytes: 8, ...ports, length, checksum: frame.readUInt16BE(at + 6)};
	}

	return ip.protocol === protocols.tcp && room >= 20 ? parseTcp(frame, at, room) : undefined;
};

const parseTcp = (frame: Buffer, at: number, room: number): Tcp | undefined => {
	const headerBytes = (frame.readUInt8(at + 12) >> 4) * 4;
	if (headerBytes < 20 || headerBytes > room) {
		return undefined;
	}

	return {
		kind: 'tcp',
		at,
		headerBytes,
		sourcePort: frame.readUInt16BE(at),
		destinationPort: frame.readUInt16BE(at + 2),
		sequence: frame.readUInt32BE(at + 4),
		acknowledgement: frame.readUInt32BE(at + 8),
		flags: frame.readUInt8(at + 13),
		window: frame.readUInt16BE(at + 14),
		checksum: frame.readUInt16BE(at + 16),
	};
};
