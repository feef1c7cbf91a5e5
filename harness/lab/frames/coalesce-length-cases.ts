import type {CasePlan} from './coalesce-cases.ts';
import type {CaseFrame} from './coalesce-frame.ts';

/** Bytes of payload, as in the selftest. */
export const size = 100;

/** `count` segments of `size` bytes that follow each other. */
export const run = (count: number, changes: Partial<CaseFrame> = {}): readonly CaseFrame[] =>
	Array.from({length: count}, (_, index) => ({start: index * size, bytes: size, ...changes}));

/** What merges, and what a length or a missing payload ends. */
export const lengthCases: readonly CasePlan[] = [
	{name: 'data-same', title: 'segments of one size merge', frames: run(2), expectedPayloads: [2 * size]},
	{
		name: 'data-large-small',
		title: 'a smaller segment merges as the last',
		frames: [
			{start: 0, bytes: size},
			{start: size, bytes: size / 2},
		],
		expectedPayloads: [1.5 * size],
	},
	{
		name: 'data-small-large',
		title: 'a larger segment does not merge',
		frames: [
			{start: 0, bytes: size / 2},
			{start: size / 2, bytes: size},
		],
		expectedPayloads: [size / 2, size],
	},
	{
		name: 'ack',
		title: 'acknowledgements without payload do not merge',
		frames: [
			{start: 0, bytes: 0},
			{start: 0, bytes: 0},
			{start: 0, bytes: 0, acknowledged: 1},
		],
		expectedPayloads: [0, 0, 0],
	},
];

const fixedSince = [4, 7] as const;

const withIds = (dontFragment: boolean, ids: readonly number[]): readonly CaseFrame[] =>
	ids.map((id, index) => ({start: index * size, bytes: size, ip: {id, dontFragment}}));

/** IPv4 identifiers: they count up, or stay where nothing is fragmented. */
export const idCases: readonly CasePlan[] = [
	{
		name: 'ip-id-counts-df',
		title: 'identifiers that count up merge (DF set)',
		frames: withIds(true, [8, 9]),
		expectedPayloads: [2 * size],
	},
	{
		name: 'ip-id-fixed-df',
		title: 'a constant identifier merges (DF set)',
		frames: withIds(true, [8, 8]),
		expectedPayloads: [2 * size],
		sinceKernel: fixedSince,
	},
	{
		name: 'ip-id-counts',
		title: 'identifiers that count up merge (DF not set)',
		frames: withIds(false, [8, 9]),
		expectedPayloads: [2 * size],
	},
	{
		name: 'ip-id-fixed',
		title: 'a constant identifier merges (DF not set)',
		frames: withIds(false, [8, 8]),
		expectedPayloads: [2 * size],
		shownBecause: 'Linux before 6.18 must not merge these, later kernels must',
	},
	{
		name: 'ip-id-counts-then-fixed',
		title: 'an identifier that stops counting does not merge',
		frames: withIds(true, [8, 9, 9]),
		expectedPayloads: [2 * size, size],
		sinceKernel: fixedSince,
	},
	{
		name: 'ip-id-fixed-then-counts',
		title: 'an identifier that starts counting does not merge',
		frames: withIds(true, [8, 8, 9]),
		expectedPayloads: [2 * size, size],
		sinceKernel: fixedSince,
	},
];

/**
 * A packet cannot grow beyond 65535 bytes. The selftest uses segments of 4 KiB; ours fill the interface's MTU, since AF_PACKET sends nothing longer,
 * so some fifty must meet in one poll.
 * @param ipBytes of the IP header
 */
export const largeCases = (mtu: number, ipBytes: 20 | 40): readonly CasePlan[] => {
	const segment = mtu - ipBytes - 20;
	const most = 65_535 - ipBytes - 20;
	const count = Math.floor(most / segment);
	const rest = most % segment;
	const full = Array.from({length: count}, (_, index) => ({start: index * segment, bytes: segment}));
	const tail = (bytes: number): readonly CaseFrame[] => [
		{start: count * segment, bytes},
		{start: (count + 1) * segment, bytes},
	];
	const shownBecause = `merges ${count} frames in one poll, which no receiver owes us`;
	return [
		{
			name: 'large-max',
			title: 'a packet grows to its longest',
			frames: [...full, ...tail(rest)],
			expectedPayloads: [most, rest],
			shownBecause,
		},
		{
			name: 'large-too-long',
			title: 'a packet grows no longer',
			frames: [...full, ...tail(rest + 1)],
			expectedPayloads: [count * segment, rest + 1, rest + 1],
			shownBecause,
		},
	];
};
