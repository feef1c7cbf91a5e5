import {linesOf, mayContain} from './console-lines.js';
import {segmentAt, unpack} from './console-store.js';

/** @typedef {import('./console-store.js').Console} Console */

/**
 * The next line with a text, from a line on and around the end.
 * @param {Console} one
 * @param {string} text upper and lower case are the same
 * @param {{readonly from: number, readonly isBackward: boolean, readonly signal: AbortSignal}} options
 * @returns {Promise<number | undefined>} its number
 */
export const findLine = async ({segments}, text, {from, isBackward, signal}) => {
	const wanted = text.toLowerCase();
	const start = segmentAt(segments, ({line}) => line, from);
	// The segment of the start comes twice: its other half last.
	for (let step = 0; step <= segments.length; step++) {
		const segment = segments[(start + (isBackward ? -step : step) + segments.length * 2) % segments.length];
		if (segment === undefined || signal.aborted) {
			return undefined;
		}

		const bytes = await unpack(segment.block);
		if (mayContain(bytes, wanted)) {
			const found = linesOf(bytes, segment).filter(({text: line}) => line.toLowerCase().includes(wanted));
			const isAhead = (/** @type {{readonly number: number}} */ {number}) =>
				step > 0 || (isBackward ? number < from : number > from);
			const line = isBackward ? found.findLast(isAhead) : found.find(isAhead);
			if (line !== undefined) {
				return line.number;
			}
		}
	}

	return undefined;
};
