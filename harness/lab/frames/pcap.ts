import type {CapturedFrame} from './captured-frames.ts';
import {type VnetHeader, gsoKind, isDataValid, needsChecksum} from './vnet-header.ts';

/**
 * Captured frames as a pcapng file for Wireshark and tcpdump (draft-ietf-opsawg-pcapng): Ethernet frames, with the direction as seen
 * from the host's interface in the packet flags and the virtio-net header in words as each packet's comment.
 */
export const pcapFile = (interfaceName: string, frames: readonly CapturedFrame[]): Buffer =>
	Buffer.concat([sectionHeader(), interfaceBlock(interfaceName), ...frames.map((frame) => packetBlock(frame))]);

const sectionHeader = (): Buffer => {
	const body = Buffer.alloc(16);
	body.writeUInt32LE(0x1a_2b_3c_4d, 0);
	body.writeUInt16LE(1, 4);
	// The section's length is not said: -1.
	body.fill(0xff, 8);
	return block(0x0a_0d_0d_0a, body);
};

const interfaceBlock = (name: string): Buffer => {
	const body = Buffer.alloc(8);
	body.writeUInt16LE(linkTypeEthernet, 0);
	const nanoseconds = Buffer.from([9]);
	return block(1, Buffer.concat([body, option(2, Buffer.from(name)), option(9, nanoseconds), endOfOptions]));
};

const packetBlock = ({direction, timeNs, header, bytes, wireBytes}: CapturedFrame): Buffer => {
	const body = Buffer.alloc(20);
	body.writeUInt32LE(Number(timeNs >> 32n), 4);
	body.writeUInt32LE(Number(timeNs & 0xff_ff_ff_ffn), 8);
	body.writeUInt32LE(bytes.length, 12);
	body.writeUInt32LE(wireBytes, 16);
	const flags = Buffer.from([direction === 'to-guest' ? 2 : 1, 0, 0, 0]);
	const comment = Buffer.from(describeVnetHeader(header));
	return block(6, Buffer.concat([body, padded(bytes), option(2, flags), option(1, comment), endOfOptions]));
};

/** "NEEDS_CSUM at 34+16, tcp4 segments of 1408": what a person reads. */
export const describeVnetHeader = (header: VnetHeader): string => {
	const kind = gsoKind(header) ?? `gso_type ${header.gsoType}`;
	const parts = [
		...(needsChecksum(header) ? [`NEEDS_CSUM at ${header.checksumStart}+${header.checksumOffset}`] : []),
		...(isDataValid(header) ? ['DATA_VALID'] : []),
		...(kind === 'none' ? [] : [`${kind} segments of ${header.gsoBytes}`]),
	];
	return parts.join(', ') || 'no offload';
};

const linkTypeEthernet = 1;
const endOfOptions = Buffer.alloc(4);

const option = (code: number, value: Buffer): Buffer => {
	const head = Buffer.alloc(4);
	head.writeUInt16LE(code, 0);
	head.writeUInt16LE(value.length, 2);
	return Buffer.concat([head, padded(value)]);
};

const padded = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);

const block = (type: number, body: Buffer): Buffer => {
	const bytes = Buffer.alloc(12 + body.length);
	bytes.writeUInt32LE(type, 0);
	bytes.writeUInt32LE(bytes.length, 4);
	body.copy(bytes, 8);
	bytes.writeUInt32LE(bytes.length, bytes.length - 4);
	return bytes;
};
