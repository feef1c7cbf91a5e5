import {type Range, type Region} from './process-regions.ts';

/** Where something stands in a process, in words that fit another process of the same program as well: addresses differ, sizes hardly do. */
export type Place =
	| {readonly heap: true; /** Bytes from its start. */ readonly offset: number}
	| {readonly heap: false; /** Of the mapping. */ readonly bytes: number; readonly offset: number};

/** How far a block moves in the heap from one start to another: twice what was seen on an idle host, as names and paths differ in length. */
const driftBytes = 256 * 1024;

/** @param regions of `dataRegions` @returns undefined where nothing is */
export const placeOf = (address: number, regions: readonly Region[]): Place | undefined => {
	const region = regions.find(({start, end}) => start <= address && address < end);
	if (region === undefined) {
		return undefined;
	}

	const offset = address - region.start;
	return region.heap ? {heap: true, offset} : {heap: false, bytes: region.end - region.start, offset};
};

/** Where to look for so many bytes that stood at that place. */
export const rangesNear = (
	place: Place,
	{regions, bytes}: {readonly regions: readonly Region[]; readonly bytes: number},
): readonly Range[] =>
	regions
		.filter((region) => (place.heap ? region.heap : !region.heap && region.end - region.start === place.bytes))
		.map(({start, end}) => {
			const at = start + place.offset;
			const drift = place.heap ? driftBytes : 0;
			return {start: Math.max(start, at - drift), end: Math.min(end, at + bytes + drift)};
		})
		.filter(({start, end}) => start < end);
