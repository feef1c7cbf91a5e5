import {addressBytes} from './addresses.ts';
import type {Ip} from './ip.ts';
import type {Packet, Transport} from './packet.ts';

/** The ones' complement sum of 16-bit words (RFC 1071), folded; an odd last byte counts as the high one. */
export const sum16 = (bytes: Buffer, initial = 0): number => {
	let sum = initial;
	const even = bytes.length & ~1;
	for (let index = 0; index < even; index += 2) {
		sum += bytes.readUInt16BE(index);
	}

	if (bytes.length > even) {
		sum += bytes.readUInt8(even) << 8;
	}

	// A frame of 64 KiB adds 2^15 words: the sum stays far below 2^53.
	while (sum > 0xff_ff) {
		sum = (sum & 0xff_ff) + Math.floor(sum / 0x1_00_00);
	}

	return sum;
};

/** The Internet checksum of some bytes: the complement of their sum (RFC 1071). */
export const internetChecksum = (bytes: Buffer, initial = 0): number => ~sum16(bytes, initial) & 0xff_ff;

/** The sum of the pseudo header that TCP and UDP checksums cover as well (RFC 9293 section 3.1, RFC 8200 section 8.1). */
export const pseudoHeaderSum = ({
	source,
	destination,
	protocol,
	bytes,
}: {
	readonly source: string;
	readonly destination: string;
	readonly protocol: number;
	/** Transport header and payload. */
	readonly bytes: number;
}): number =>
	sum16(Buffer.concat([addressBytes(source), addressBytes(destination)]), protocol + (bytes >> 16) + (bytes & 0xff_ff));

/** Where TCP and UDP keep their checksum, in bytes from their header's first. */
export const checksumOffset = ({kind}: Pick<Transport, 'kind'>): number => (kind === 'tcp' ? 16 : 6);

/** The checksum the transport header should carry, whatever it carries now. UDP writes 0 as FFFFh (RFC 768). */
export const transportChecksum = (frame: Buffer, {ip, transport}: Packet): number => {
	const covered = Buffer.from(frame.subarray(transport.at, ip.at + ip.totalBytes));
	covered.writeUInt16BE(0, checksumOffset(transport));
	const checksum = internetChecksum(covered, partialChecksum({ip, transport}));
	return checksum === 0 && transport.kind === 'udp' ? 0xff_ff : checksum;
};

/** What stands in a frame with NEEDS_CSUM instead: the sum of the pseudo header, not complemented (virtio 1.3, 5.1.6.2). */
export const partialChecksum = ({ip, transport}: Pick<Packet, 'ip' | 'transport'>): number =>
	pseudoHeaderSum({...ip, bytes: ip.at + ip.totalBytes - transport.at});

/**
 * Whether that stands in it. One frame in 65 536 has bytes with which the same value is also the whole checksum: what a frame with
 * NEEDS_CSUM has to show is this alone.
 */
export const hasPartialChecksum = (packet: Packet): boolean =>
	sameSum(packet.transport.checksum, partialChecksum(packet));

/** `absent`: UDP over IPv4 without one (0). A value that would be right both ways counts as `right`. */
export type ChecksumState = 'right' | 'partial' | 'absent' | 'wrong';

/** What the transport checksum of a frame is, judged by its bytes alone. */
export const transportChecksumState = (frame: Buffer, packet: Packet): ChecksumState => {
	const {ip, transport} = packet;
	if (transport.kind === 'udp' && transport.checksum === 0) {
		return ip.version === 4 ? 'absent' : 'wrong';
	}

	if (sameSum(transport.checksum, transportChecksum(frame, packet))) {
		return 'right';
	}

	return hasPartialChecksum(packet) ? 'partial' : 'wrong';
};

/** 0 and FFFFh are the same number in ones' complement. */
const sameSum = (left: number, right: number): boolean => left % 0xff_ff === right % 0xff_ff;

/** An IPv4 header sums up to FFFFh (RFC 791); IPv6 has no checksum. */
export const isIpChecksumRight = (frame: Buffer, ip: Ip): boolean =>
	ip.version === 6 || sum16(frame.subarray(ip.at, ip.at + ip.headerBytes)) === 0xff_ff;
