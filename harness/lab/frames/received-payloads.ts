import {etherTypes, ethernetBytes} from './ip.ts';
import type {Flow} from './packet-headers.ts';
import {parsePacket} from './packet.ts';

/**
 * The TCP payload sizes of a flow, in the order in which a guest's packet socket got them: what is compared with `expectedPayloads`.
 * The guest needs no program of ours: `socat -u -b 70000 INTERFACE:ens4 STDOUT` writes the frames one after the other as its network
 * stack sees them after merging, and the headers say where each ends.
 * @returns undefined when the bytes cannot be told apart: something else than IP and ARP, or a frame cut short
 */
export const receivedPayloads = (stream: Buffer, {destination, source}: Flow): readonly number[] | undefined =>
	splitFrames(stream)?.flatMap((frame) => {
		const packet = parsePacket(frame);
		const isOurs =
			packet?.ip.destination === destination.address &&
			packet.transport.destinationPort === destination.port &&
			packet.transport.sourcePort === source.port;
		return isOurs ? [packet.payload.length] : [];
	});

/** Frames without anything between them, apart by their own length fields. */
const splitFrames = (stream: Buffer): readonly Buffer[] | undefined => {
	const frames: Buffer[] = [];
	for (let at = 0; at < stream.length;) {
		const rest = stream.subarray(at);
		const bytes = frameBytes(rest);
		if (bytes === undefined || bytes > rest.length) {
			return undefined;
		}

		frames.push(rest.subarray(0, bytes));
		at += bytes + paddingBytes(rest, bytes);
	}

	return frames;
};

const frameBytes = (bytes: Buffer): number | undefined => {
	if (bytes.length < ethernetBytes + 8) {
		return undefined;
	}

	switch (bytes.readUInt16BE(12)) {
		case etherTypes.ipv4: {
			return ethernetBytes + bytes.readUInt16BE(16);
		}

		case etherTypes.ipv6: {
			return ethernetBytes + 40 + bytes.readUInt16BE(18);
		}

		case arp: {
			return ethernetBytes + 28;
		}

		default: {
			return undefined;
		}
	}
};

const arp = 0x08_06;

/** A card that keeps to IEEE 802.3 pads to 60 bytes; virtio-net does not. No hardware address of the lab begins with zeros. */
const paddingBytes = (bytes: Buffer, length: number): number => {
	const padding = bytes.subarray(length, 60);
	return padding.every((byte) => byte === 0) ? padding.length : 0;
};
