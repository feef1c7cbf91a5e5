import {macBytes} from '../../harness/lab/frames/addresses.ts';
import {buildPacket} from '../../harness/lab/frames/build-packet.ts';
import {tcpFlags} from '../../harness/lab/frames/packet.ts';

/** Frames of one length: what a guest sends that wants to harm the lab. */
export type Hostile = {
	readonly what: string;
	readonly frames: readonly Buffer[];
	/** The frames are sent two to the power of this times. */
	readonly doublings: number;
};

const guest = {mac: '42:01:0a:80:00:02', address: '10.128.0.2', port: 4000};
const stranger = {mac: '02:00:00:00:00:63', address: '10.128.0.99', port: 4000};

/** @param mac of the lab's end of the cable */
export const hostileFrames = (mac: string): readonly Hostile[] => {
	const lab = (address: string, port: number) => ({mac, address, port});
	const ask = (source: typeof guest) =>
		buildPacket({flow: {source, destination: lab('169.254.169.254', 53)}, payload: query});
	const everybody = {mac: 'ff:ff:ff:ff:ff:ff', address: '255.255.255.255', port: 67};
	const discover = buildPacket({
		flow: {source: {...stranger, address: '0.0.0.0', port: 68}, destination: everybody},
		payload: dhcpDiscover(stranger.mac),
	});
	const syn = buildPacket({
		flow: {source: stranger, destination: lab('169.254.169.254', 80)},
		tcp: {sequence: 1, flags: tcpFlags.syn},
	});
	const jumbo = buildPacket({
		flow: {source: guest, destination: lab('10.128.0.1', 53)},
		payload: Buffer.alloc(8900, 1),
	});
	return [
		{what: 'questions for a name, without end', frames: [ask(guest)], doublings: 13},
		{what: 'the same from an address that is not its own', frames: [ask(stranger)], doublings: 12},
		{what: 'a stranger who asks for a lease', frames: [discover], doublings: 13},
		{what: 'connections of a stranger', frames: [syn], doublings: 12},
		{what: 'claims to be the gateway', frames: [arpClaim('10.128.0.1'), arpClaim('169.254.169.254')], doublings: 9},
		{what: 'frames far above the MTU', frames: [jumbo], doublings: 9},
		{what: 'IP packets of noise', frames: noise(64, '0800'), doublings: 4},
		{what: 'IPv6 packets of noise', frames: noise(64, '86dd'), doublings: 4},
		{what: 'noise', frames: noise(300, '0806'), doublings: 2},
		{
			what: 'frames without anything in them',
			frames: [Buffer.concat([macBytes(mac), macBytes(guest.mac), Buffer.from('0800', 'hex')])],
			doublings: 9,
		},
	];
};

/** RFC 1035: A record of `x.example.com`. */
const query = Buffer.from('0001010000010000000000000178076578616d706c6503636f6d0000010001', 'hex');

/** RFC 2131, without options but the type. */
const dhcpDiscover = (mac: string): Buffer => {
	const message = Buffer.alloc(300);
	message.set([1, 1, 6, 0, 1, 2, 3, 4]);
	macBytes(mac).copy(message, 28);
	Buffer.from('63825363350101ff', 'hex').copy(message, 236);
	return message;
};

/** RFC 826: an answer that nobody asked for. */
const arpClaim = (address: string): Buffer => {
	const octets = Buffer.from(address.split('.').map(Number));
	const hardware = macBytes(guest.mac);
	const zeros = Buffer.alloc(6);
	return Buffer.concat([
		Buffer.alloc(6, 0xff),
		hardware,
		Buffer.from('08060001080006040002', 'hex'),
		hardware,
		octets,
		zeros,
		octets,
	]);
};

/** The same bytes every time (Numerical Recipes' generator), behind an Ethernet header to everybody. */
const noise = (length: number, etherType: string): readonly Buffer[] => {
	let state = 1;
	const octet = (): number => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return state >>> 24;
	};

	return Array.from({length: 100}, () =>
		Buffer.concat([
			Buffer.alloc(6, 0xff),
			macBytes(guest.mac),
			Buffer.from(etherType, 'hex'),
			// The first octet is a version and a header length as often as not.
			Buffer.from(
				Array.from({length}, (_, at) => (at === 0 && octet() > 127 ? (etherType === '0800' ? 0x45 : 0x60) : octet())),
			),
		]),
	);
};
