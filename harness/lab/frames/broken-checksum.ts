import {buildPacket, mustParse} from './build-packet.ts';
import {checksumOffset} from './checksum.ts';
import type {InjectedFrame} from './frame-tool.ts';
import type {Flow} from './packet-headers.ts';
import {parsePacket, tcpFlags} from './packet.ts';
import {plainHeader} from './vnet-header.ts';

/** Frames that differ in nothing but the checksum; the guest's sockets may see the first of each pair, never the second. */
export type ChecksumPair = {readonly right: InjectedFrame; readonly broken: InjectedFrame};

/**
 * A UDP datagram each with `payload`. The virtio-net header says neither that the checksum is still to be made nor that anybody
 * verified it (virtio 1.3, 5.1.6.4.2), so the guest's own stack has to: a right one reaches the socket, a broken one counts in UdpInCsumErrors.
 * Not for ports 67 and 68: QEMU writes checksums into DHCP packets itself (hw/net/virtio-net.c `work_around_broken_dhclient`).
 */
export const udpChecksumPair = (flow: Flow, payload: Buffer): ChecksumPair => pairOf(buildPacket({flow, payload}));

/**
 * A connection request each, with a sequence number of its own. A listening port answers the right one with SYN-ACK (or the stack
 * with RST where nobody listens); the broken one gets no answer of any kind and counts in TcpInCsumErrors.
 */
export const tcpSynChecksumPair = (flow: Flow, sequence: number): ChecksumPair =>
	pairOf(buildPacket({flow, tcp: {sequence, flags: tcpFlags.syn}}));

/** The same frame with another checksum: never 0, which for UDP means "none", and never the same number in its other form. */
export const breakChecksum = (frame: Buffer): Buffer => {
	const {transport} = mustParse(frame);
	const broken = Buffer.from(frame);
	const wrong = transport.checksum ^ 0x55_55;
	broken.writeUInt16BE(wrong === 0 ? 0xaa_aa : wrong, transport.at + checksumOffset(transport));
	return broken;
};

/** As a bad cable does it: one bit of the checksum turned over, also where it was wrong already. What has none stays as it is. */
export const corruptChecksum = (frame: Buffer): Buffer => {
	const transport = parsePacket(frame)?.transport;
	if (transport === undefined) {
		return frame;
	}

	const corrupted = Buffer.from(frame);
	corrupted.writeUInt16BE(transport.checksum ^ 1, transport.at + checksumOffset(transport));
	return corrupted;
};

const pairOf = (bytes: Buffer): ChecksumPair => ({
	right: {header: plainHeader, bytes},
	broken: {header: plainHeader, bytes: breakChecksum(bytes)},
});
