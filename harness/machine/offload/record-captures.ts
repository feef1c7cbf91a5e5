import {boundFrames} from '../../lab/frames/bound-frames.ts';
import {type CapturedFrame} from '../../lab/frames/captured-frames.ts';
import {type FrameTool} from '../../lab/frames/frame-tool.ts';

/** As a file. The large frames that are looked at byte for byte are the first dozen. */
const captureBytes = 1000 * 1000;
/** No row is judged by more. */
const maxCaptures = 8;

export type RecordedCaptures = {
	/** The same tool; what it captures is kept as well. */
	readonly frames: FrameTool;
	/** What was captured so far, in its order; at most 8 MB as a file. */
	readonly captured: () => readonly CapturedFrame[];
};

/** Keeps the frames that a row is judged by, for whoever wants to look at them when it failed. */
export const recordCaptures = (tool: FrameTool): RecordedCaptures => {
	const captures: Array<readonly CapturedFrame[]> = [];
	return {
		captured: () => captures.flat(),
		frames: {
			...tool,
			async capture(options) {
				const running = await tool.capture(options);
				return {
					...running,
					async stop(deadline) {
						const result = await running.stop(deadline);
						if (captures.length < maxCaptures) {
							captures.push(boundFrames(result.frames, captureBytes));
						}

						return result;
					},
				};
			},
		},
	};
};
