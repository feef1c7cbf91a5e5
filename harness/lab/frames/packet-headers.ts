import {addressBytes, macBytes} from './addresses.ts';
import {internetChecksum} from './checksum.ts';
import {etherTypes, ethernetBytes} from './ip.ts';
import {tcpFlags} from './packet.ts';

export type Endpoint = {readonly mac: string; readonly address: string; readonly port: number};

/** Both addresses IPv4 or both IPv6. */
export type Flow = {readonly source: Endpoint; readonly destination: Endpoint};

export type IpFields = {
	readonly ttl?: number;
	readonly tos?: number;
	/** IPv4 only, as the next four. */
	readonly id?: number;
	readonly dontFragment?: boolean;
	readonly moreFragments?: boolean;
	/** Whole words of four bytes. */
	readonly options?: Buffer;
};

export type TcpFields = {
	readonly sequence: number;
	readonly acknowledgement?: number;
	/** Of `tcpFlags`; ACK where none are given. */
	readonly flags?: number;
	readonly window?: number;
	/** Whole words of four bytes. */
	readonly options?: Buffer;
};

const isIpv6 = ({destination}: Flow): boolean => destination.address.includes(':');

export const ethernetHeader = (flow: Flow): Buffer => {
	const header = Buffer.alloc(ethernetBytes);
	macBytes(flow.destination.mac).copy(header, 0);
	macBytes(flow.source.mac).copy(header, 6);
	header.writeUInt16BE(isIpv6(flow) ? etherTypes.ipv6 : etherTypes.ipv4, 12);
	return header;
};

type IpHeaderPlan = {
	readonly flow: Flow;
	readonly ip: IpFields;
	readonly protocol: number;
	readonly bytes: number;
};

export const ipHeader = (plan: IpHeaderPlan): Buffer => (isIpv6(plan.flow) ? ipv6Header(plan) : ipv4Header(plan));

const ipv4Header = ({flow, ip, protocol, bytes}: IpHeaderPlan): Buffer => {
	const {ttl = 64, tos = 0, id = 0, dontFragment = true, moreFragments = false, options = Buffer.alloc(0)} = ip;
	const header = Buffer.concat([Buffer.alloc(20), options]);
	header.writeUInt8(0x40 | (header.length / 4), 0);
	header.writeUInt8(tos, 1);
	header.writeUInt16BE(header.length + bytes, 2);
	header.writeUInt16BE(id, 4);
	header.writeUInt16BE((dontFragment ? 0x40_00 : 0) | (moreFragments ? 0x20_00 : 0), 6);
	header.writeUInt8(ttl, 8);
	header.writeUInt8(protocol, 9);
	addressBytes(flow.source.address).copy(header, 12);
	addressBytes(flow.destination.address).copy(header, 16);
	header.writeUInt16BE(internetChecksum(header), 10);
	return header;
};

const ipv6Header = ({flow, ip: {ttl = 64, tos = 0}, protocol, bytes}: IpHeaderPlan): Buffer => {
	const header = Buffer.alloc(40);
	header.writeUInt16BE(0x60_00 | (tos << 4), 0);
	header.writeUInt16BE(bytes, 4);
	header.writeUInt8(protocol, 6);
	header.writeUInt8(ttl, 7);
	addressBytes(flow.source.address).copy(header, 8);
	addressBytes(flow.destination.address).copy(header, 24);
	return header;
};

export const tcpHeader = ({source, destination}: Flow, tcp: TcpFields): Buffer => {
	const {sequence, acknowledgement = 0, flags = tcpFlags.ack, window = 0xff_ff, options = Buffer.alloc(0)} = tcp;
	const header = Buffer.concat([Buffer.alloc(20), options]);
	header.writeUInt16BE(source.port, 0);
	header.writeUInt16BE(destination.port, 2);
	header.writeUInt32BE(sequence >>> 0, 4);
	header.writeUInt32BE(acknowledgement >>> 0, 8);
	header.writeUInt8((header.length / 4) << 4, 12);
	header.writeUInt8(flags, 13);
	header.writeUInt16BE(window, 14);
	return header;
};

export const udpHeader = ({source, destination}: Flow, payloadBytes: number): Buffer => {
	const header = Buffer.alloc(8);
	header.writeUInt16BE(source.port, 0);
	header.writeUInt16BE(destination.port, 2);
	header.writeUInt16BE(8 + payloadBytes, 4);
	return header;
};
