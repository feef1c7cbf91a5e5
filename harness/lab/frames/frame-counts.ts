import type {FrameDirection} from './frame-filter.ts';
import {type GsoKind, gsoKind, isDataValid, needsChecksum} from './vnet-header.ts';

/** Frames of one direction. */
export type DirectionCounts = {
	readonly frames: number;
	readonly bytes: number;
	/** Of the longest frame, 0 without any. */
	readonly longestBytes: number;
	/** Frames of each length in bytes, by length. */
	readonly sizes: ReadonlyMap<number, number>;
	/** Frames of each segmentation type; `unknown` for numbers without a meaning. */
	readonly gso: Readonly<Record<GsoKind | 'unknown', number>>;
	readonly needsChecksum: number;
	readonly dataValid: number;
};

export type FrameCounts = Readonly<Record<FrameDirection, DirectionCounts>>;

/** As the helper reports it: towards the guest, length, header flags, gso_type, number of such frames. */
export type RawCount = readonly [
	isToGuest: boolean,
	lengthBytes: number,
	flags: number,
	gsoType: number,
	frames: number,
];

/** The helper's counts, one entry for each distinct kind of frame, as sums for each direction. */
export const summarizeCounts = (counts: readonly RawCount[]): FrameCounts => ({
	'to-guest': summarize(counts.filter(([isToGuest]) => isToGuest)),
	'from-guest': summarize(counts.filter(([isToGuest]) => !isToGuest)),
});

const summarize = (counts: readonly RawCount[]): DirectionCounts => {
	const sizes = new Map<number, number>();
	const gso = {none: 0, tcp4: 0, ufo: 0, tcp6: 0, udp: 0, unknown: 0};
	const sums = {frames: 0, bytes: 0, longestBytes: 0, needsChecksum: 0, dataValid: 0};
	for (const [, length, flags, gsoType, frames] of counts) {
		sizes.set(length, (sizes.get(length) ?? 0) + frames);
		gso[gsoKind({gsoType}) ?? 'unknown'] += frames;
		sums.frames += frames;
		sums.bytes += frames * length;
		sums.longestBytes = Math.max(sums.longestBytes, length);
		sums.needsChecksum += needsChecksum({flags}) ? frames : 0;
		sums.dataValid += isDataValid({flags}) ? frames : 0;
	}

	return {...sums, gso, sizes: new Map([...sizes].toSorted(([left], [right]) => left - right))};
};
