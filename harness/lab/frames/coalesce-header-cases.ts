import type {CasePlan} from './coalesce-cases.ts';
import {run, size} from './coalesce-length-cases.ts';
import {tcpFlags} from './packet.ts';

/** TCP options are always a permutation of these twelve bytes: timestamps (RFC 7323) and two NOPs. */
const timestamp = (value: number, order: 'nop-nop-ts' | 'nop-ts-nop' | 'ts-nop-nop' = 'nop-nop-ts'): Buffer => {
	const option = Buffer.from([8, 10, 0, 0, 0, 0, 0, 0, 0, 0]);
	option.writeUInt32BE(value, 2);
	const nop = Buffer.from([1]);
	const parts = {
		'nop-nop-ts': [nop, nop, option],
		'nop-ts-nop': [nop, option, nop],
		'ts-nop-nop': [option, nop, nop],
	};
	return Buffer.concat(parts[order]);
};

const windowScale = Buffer.from([1, 3, 3, 0]);

/** A segment without payload in the middle of four with some. */
const interrupted = (name: 'syn' | 'rst' | 'urg'): CasePlan => ({
	name: `flags-${name}`,
	title: `${name.toUpperCase()} ends merging`,
	frames: [
		...run(2),
		{start: 0, bytes: 0, flags: tcpFlags[name]},
		{start: 3 * size, bytes: size},
		{start: 4 * size, bytes: size},
	],
	expectedPayloads: [2 * size, 0, 2 * size],
});

/** TCP headers that differ, and a checksum that is wrong. */
export const headerCases: readonly CasePlan[] = [
	{
		name: 'flags-psh',
		title: 'PSH ends merging',
		frames: run(5).map((frame, index) => (index === 2 ? {...frame, flags: tcpFlags.psh} : frame)),
		expectedPayloads: [3 * size, 2 * size],
	},
	interrupted('syn'),
	interrupted('rst'),
	interrupted('urg'),
	{
		name: 'tcp-checksum',
		title: 'a segment with a wrong checksum does not merge',
		frames: [
			{start: 0, bytes: size},
			{start: size, bytes: size, hasBrokenChecksum: true},
		],
		expectedPayloads: [size, size],
	},
	{
		name: 'tcp-sequence',
		title: 'a gap in the sequence does not merge',
		frames: [
			{start: 0, bytes: size},
			{start: size + 1, bytes: size},
		],
		expectedPayloads: [size, size],
	},
	{
		name: 'tcp-timestamp',
		title: 'other timestamps, or the same in another order, do not merge',
		frames: [
			timestamp(0),
			timestamp(0),
			timestamp(100),
			timestamp(100, 'nop-ts-nop'),
			timestamp(100, 'ts-nop-nop'),
		].map((tcpOptions, index) => ({start: index * size, bytes: size, tcpOptions})),
		expectedPayloads: [2 * size, size, size, size],
	},
	{
		name: 'tcp-options',
		title: 'other options do not merge',
		frames: [timestamp(0), timestamp(0), windowScale].map((tcpOptions, index) => ({
			start: index * size,
			bytes: size,
			tcpOptions,
		})),
		expectedPayloads: [2 * size, size],
	},
	{
		name: 'ip-ecn',
		title: 'another ECN does not merge',
		frames: [
			{start: 0, bytes: size},
			{start: size, bytes: size, ip: {tos: 2}},
		],
		expectedPayloads: [size, size],
	},
	{
		name: 'ip-tos',
		title: 'another type of service does not merge',
		frames: [
			{start: 0, bytes: size},
			{start: size, bytes: size, ip: {tos: 0x20}},
		],
		expectedPayloads: [size, size],
	},
];

/** A timestamp option (RFC 791, section 3.1) with room for nine of them, as the selftest sends it. */
const ipTimestamp = Buffer.from([68, 40, 5, 0, ...Array.from({length: 36}, () => 0)]);

/** IPv4 headers that differ. */
export const ipv4Cases: readonly CasePlan[] = [
	{
		name: 'ip-ttl',
		title: 'another time to live does not merge',
		frames: [
			{start: 0, bytes: size},
			{start: size, bytes: size, ip: {ttl: 7}},
		],
		expectedPayloads: [size, size],
	},
	{
		name: 'ip-options',
		title: 'IP options do not merge',
		frames: run(3).map((frame, index) => (index === 1 ? {...frame, ip: {options: ipTimestamp}} : frame)),
		expectedPayloads: [size, size, size],
	},
	{
		name: 'ip-fragment',
		title: 'a fragment does not merge',
		frames: [
			{start: 0, bytes: size},
			{start: size, bytes: size, ip: {moreFragments: true}},
		],
		expectedPayloads: [size, size],
	},
];
