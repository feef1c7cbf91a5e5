import {type CapturedFrame} from './captured-frames.ts';

/** Headers of whatever was sent, and the beginning of what they carry. */
const headBytes = 128;
/** What a file of captured frames needs for each beside its bytes (pcap.ts): lengths, time, flags, the header in words, padding. */
const frameOverhead = 160;

/**
 * The same frames in less room: all of them, the first ones whole and of the others the headers; of very many the first ones alone.
 * @param maxBytes of the file that they are written to
 */
export const boundFrames = (frames: readonly CapturedFrame[], maxBytes: number): readonly CapturedFrame[] => {
	const kept = frames.slice(0, Math.floor(maxBytes / (headBytes + frameOverhead)));
	let left = maxBytes - kept.length * (headBytes + frameOverhead);
	return kept.map((frame) => {
		const more = Math.max(0, frame.bytes.length - headBytes);
		if (more > left) {
			return {...frame, bytes: frame.bytes.subarray(0, headBytes)};
		}

		left -= more;
		return frame;
	});
};
