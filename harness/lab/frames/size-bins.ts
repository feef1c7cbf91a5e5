/**
 * Upper ends of the bins of a histogram of frame sizes, in bytes: powers of two from 64, the shortest frame of Ethernet, to 65 536, which
 * nearly all that IPv4 can carry fits (65 535 and 14 bytes of Ethernet). One more bin holds what is longer.
 */
export const sizeLimits: readonly number[] = Array.from({length: 11}, (_, index) => 64 * 2 ** index);

/** Frames in each bin; a frame as long as a limit is below it. @param sizes frames of each length in bytes, as `FrameTool.count` has them */
export const binSizes = (sizes: ReadonlyMap<number, number>): readonly number[] => {
	const bins = [...sizeLimits.map(() => 0), 0];
	for (const [bytes, frames] of sizes) {
		const found = sizeLimits.findIndex((limit) => bytes <= limit);
		const bin = found === -1 ? sizeLimits.length : found;
		bins[bin] = (bins[bin] ?? 0) + frames;
	}

	return bins;
};
