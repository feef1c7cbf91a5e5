import {buildPacket} from '../../../harness/lab/frames/build-packet.ts';
import type {InjectedFrame} from '../../../harness/lab/frames/frame-tool.ts';
import type {Flow} from '../../../harness/lab/frames/packet-headers.ts';
import {tcpFlags} from '../../../harness/lab/frames/packet.ts';
import {gsoTypes, vnetFlags} from '../../../harness/lab/frames/vnet-header.ts';

export const flow4: Flow = {
	source: {mac: '42:01:0a:80:00:01', address: '10.128.0.1', port: 1500},
	destination: {mac: '42:01:0a:80:00:02', address: '10.128.0.2', port: 8000},
};

export const flow6: Flow = {
	source: {mac: '42:01:0a:80:00:01', address: 'fd00::1', port: 1500},
	destination: {mac: '42:01:0a:80:00:02', address: 'fd00::2', port: 8000},
};

/** A TCP frame that is left to the card: segments of `gsoBytes`, checksum of the pseudo header only. */
export const largeFrame = (flow: Flow, payload: Buffer, {gsoBytes = 1408, flags = 0} = {}): InjectedFrame => {
	const isIpv4 = flow.source.address.includes('.');
	const start = isIpv4 ? 34 : 54;
	return {
		header: {
			flags: vnetFlags.needsChecksum,
			gsoType: isIpv4 ? gsoTypes.tcp4 : gsoTypes.tcp6,
			headerBytes: start + 20,
			gsoBytes,
			checksumStart: start,
			checksumOffset: 16,
		},
		bytes: buildPacket({
			flow,
			ip: {id: 0xff_fe},
			tcp: {sequence: 0xff_ff_f0_00, acknowledgement: 7, flags: tcpFlags.ack | flags},
			payload,
			checksum: 'partial',
		}),
	};
};

/** Bytes that are nowhere the same twice in a row. */
export const payloadOf = (bytes: number): Buffer =>
	Buffer.from(Array.from({length: bytes}, (_, index) => (index * 31 + (index >> 8)) & 0xff));
