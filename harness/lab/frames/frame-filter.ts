import {etherTypes, ethernetBytes} from './ip.ts';

/** What to look at; every field given must match. Without any, everything passes. */
export type FrameFilter = {
	readonly etherType?: number;
	/** TCP 6, UDP 17; IPv4 or IPv6 without extension headers. With it, `etherType` decides which; IPv4 where it is missing. */
	readonly ipProtocol?: number;
	/** Source or destination port; later fragments never match. Needs `ipProtocol`. */
	readonly port?: number;
	readonly direction?: FrameDirection;
};

/** `to-guest`: what the host's stack or an injection sends out of the interface. `from-guest`: what comes in by it. */
export type FrameDirection = 'to-guest' | 'from-guest';

/** One instruction of classic BPF: code, jump if true, jump if false, constant (linux/filter.h `struct sock_filter`). */
export type Instruction = readonly [code: number, jt: number, jf: number, k: number];

/**
 * The filter as a classic BPF program (Documentation/networking/filter.rst) that keeps `snapBytes` of each frame that passes.
 * The kernel drops the rest before it costs anything.
 */
export const frameProgram = (filter: FrameFilter, snapBytes: number): readonly Instruction[] => {
	const {ipProtocol, port, direction} = filter;
	const etherType = filter.etherType ?? (ipProtocol === undefined ? undefined : etherTypes.ipv4);
	const isIpv6 = etherType === etherTypes.ipv6;
	const tests: readonly Instruction[] = [
		...(direction === undefined ? [] : directionTest(direction)),
		...(etherType === undefined ? [] : [[loadHalf, 0, 0, 12] as const, require(etherType)]),
		...(ipProtocol === undefined
			? []
			: [[loadByte, 0, 0, ethernetBytes + (isIpv6 ? 6 : 9)] as const, require(ipProtocol)]),
		...(port === undefined ? [] : isIpv6 ? portTest6(port) : portTest4(port)),
	];
	const program = [...tests, [accept, 0, 0, snapBytes] as const, [accept, 0, 0, 0] as const];
	// Only now is it known how far away the end is.
	return program.map(([code, jt, jf, k], at) => {
		const end = program.length - 1 - at - 1;
		return [code, jt === toEnd ? end : jt, jf === toEnd ? end : jf, k];
	});
};

const loadHalf = 0x28;
const loadByte = 0x30;
/** A half word at the index register plus k, which `loadHeaderBytes` set to the length of the IPv4 header at k. */
const loadHalfIndexed = 0x48;
const loadHeaderBytes = 0xb1;
const jumpIfEqual = 0x15;
const jumpIfSet = 0x45;
const accept = 0x06;
const toEnd = 255;

/** SKF_AD_OFF + SKF_AD_PKTTYPE: not a byte of the frame but its `sll_pkttype`; PACKET_OUTGOING is 4 (linux/if_packet.h). */
const packetType = 0xff_ff_f0_04;
const outgoing = 4;

const require = (value: number): Instruction => [jumpIfEqual, 0, toEnd, value];

const directionTest = (direction: FrameDirection): readonly Instruction[] => [
	[loadByte, 0, 0, packetType],
	direction === 'to-guest' ? require(outgoing) : [jumpIfEqual, toEnd, 0, outgoing],
];

const portTest4 = (port: number): readonly Instruction[] => [
	[loadHalf, 0, 0, ethernetBytes + 6],
	[jumpIfSet, toEnd, 0, 0x1f_ff],
	[loadHeaderBytes, 0, 0, ethernetBytes],
	[loadHalfIndexed, 0, 0, ethernetBytes],
	[jumpIfEqual, 2, 0, port],
	[loadHalfIndexed, 0, 0, ethernetBytes + 2],
	require(port),
];

const portTest6 = (port: number): readonly Instruction[] => [
	[loadHalf, 0, 0, ethernetBytes + 40],
	[jumpIfEqual, 2, 0, port],
	[loadHalf, 0, 0, ethernetBytes + 42],
	require(port),
];
