import {breakChecksum} from './broken-checksum.ts';
import {buildPacket} from './build-packet.ts';
import type {Flow, IpFields} from './packet-headers.ts';
import {tcpFlags} from './packet.ts';

/** One TCP segment of a case. */
export type CaseFrame = {
	/** Of its first payload byte, from the flow's first. */
	readonly start: number;
	/** Payload in bytes. */
	readonly bytes: number;
	readonly acknowledged?: number;
	/** Besides ACK, of `tcpFlags`. */
	readonly flags?: number;
	readonly ip?: IpFields;
	readonly tcpOptions?: Buffer;
	readonly hasBrokenChecksum?: true;
};

/** The `index`th frame of a case, as bytes. */
export const buildCaseFrame = (flow: Flow, frame: CaseFrame, index: number): Buffer => {
	const {start, bytes, acknowledged = 0, flags = 0, tcpOptions, ip} = frame;
	const packet = buildPacket({
		flow,
		ip: {id: firstId + index, ttl: 8, ...ip},
		tcp: {
			sequence: first + start,
			acknowledgement: first + acknowledged,
			flags: tcpFlags.ack | flags,
			...(tcpOptions && {options: tcpOptions}),
		},
		payload: Buffer.alloc(bytes, 'a'),
	});
	return frame.hasBrokenChecksum ? breakChecksum(packet) : packet;
};

/** The selftest's own first sequence and acknowledgement number, and its first identifier where identifiers matter. */
const first = 100;
const firstId = 8;
