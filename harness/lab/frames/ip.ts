import {addressText} from './addresses.ts';

type IpHeader = {
	/** Where the header begins, in bytes from the frame's first. */
	readonly at: number;
	/** With IPv4 options or IPv6 extension headers. */
	readonly headerBytes: number;
	/** Header and payload; a frame on the wire may be longer, padded to 60 bytes. */
	readonly totalBytes: number;
	readonly source: string;
	readonly destination: string;
	/** Of the transport header: 6 TCP, 17 UDP. */
	readonly protocol: number;
	/** Time to live, or hop limit. */
	readonly ttl: number;
	/** Type of service with ECN, or traffic class. */
	readonly tos: number;
};

/** RFC 791. */
export type Ipv4 = IpHeader & {
	readonly version: 4;
	readonly id: number;
	readonly dontFragment: boolean;
	readonly moreFragments: boolean;
	/** In bytes. */
	readonly fragmentOffset: number;
};

/** RFC 8200. */
export type Ipv6 = IpHeader & {readonly version: 6};
export type Ip = Ipv4 | Ipv6;

export const etherTypes = {ipv4: 0x08_00, ipv6: 0x86_dd} as const;
export const ethernetBytes = 14;

/** @returns undefined for another protocol and for a header that is cut short or contradicts itself */
export const parseIp = (frame: Buffer, etherType: number): Ip | undefined => {
	const at = ethernetBytes;
	const version = (frame[at] ?? 0) >> 4;
	if (etherType === etherTypes.ipv4 && version === 4 && frame.length >= at + 20) {
		return parseIpv4(frame, at);
	}

	return etherType === etherTypes.ipv6 && version === 6 && frame.length >= at + 40 ? parseIpv6(frame, at) : undefined;
};

const parseIpv4 = (frame: Buffer, at: number): Ipv4 | undefined => {
	const headerBytes = (frame.readUInt8(at) & 0x0f) * 4;
	const totalBytes = frame.readUInt16BE(at + 2);
	const fragment = frame.readUInt16BE(at + 6);
	if (headerBytes < 20 || totalBytes < headerBytes || frame.length < at + headerBytes) {
		return undefined;
	}

	return {
		version: 4,
		at,
		headerBytes,
		totalBytes,
		tos: frame.readUInt8(at + 1),
		id: frame.readUInt16BE(at + 4),
		dontFragment: (fragment & 0x40_00) !== 0,
		moreFragments: (fragment & 0x20_00) !== 0,
		fragmentOffset: (fragment & 0x1f_ff) * 8,
		ttl: frame.readUInt8(at + 8),
		protocol: frame.readUInt8(at + 9),
		source: addressText(frame.subarray(at + 12, at + 16)),
		destination: addressText(frame.subarray(at + 16, at + 20)),
	};
};

const parseIpv6 = (frame: Buffer, at: number): Ipv6 | undefined => {
	const {protocol, headerBytes} = skipExtensions(frame, at);
	const totalBytes = 40 + frame.readUInt16BE(at + 4);
	return totalBytes < headerBytes
		? undefined
		: {
				version: 6,
				at,
				headerBytes,
				totalBytes,
				tos: (frame.readUInt16BE(at) >> 4) & 0xff,
				ttl: frame.readUInt8(at + 7),
				protocol,
				source: addressText(frame.subarray(at + 8, at + 24)),
				destination: addressText(frame.subarray(at + 24, at + 40)),
			};
};

/** Hop-by-hop, routing and destination options (RFC 8200, section 4) stand between the header and the transport's; a fragment header stays. */
const skipExtensions = (frame: Buffer, at: number): {readonly protocol: number; readonly headerBytes: number} => {
	let protocol = frame.readUInt8(at + 6);
	let headerBytes = 40;
	while ([0, 43, 60].includes(protocol) && frame.length >= at + headerBytes + 8) {
		protocol = frame.readUInt8(at + headerBytes);
		headerBytes += (frame.readUInt8(at + headerBytes + 1) + 1) * 8;
	}

	return {protocol, headerBytes};
};
