import {printable, withoutEscapes} from './text.js';

/** @typedef {{readonly number: number, readonly offset: number, readonly text: string}} Line */

const newline = 0x0a;
const carriageReturn = 0x0d;
/** A line without end would be one paragraph of megabytes. */
const longestLine = 8000;

/**
 * The lines of a segment, as text that can be shown.
 * @param {Uint8Array} bytes
 * @param {{readonly offset: number, readonly line: number, readonly isRaw?: boolean}} from `isRaw`: escapes are shown, not left out
 * @returns {readonly Line[]}
 */
export const linesOf = (bytes, {offset, line, isRaw = false}) => {
	/** @type {Line[]} */
	const lines = [];
	const decoder = new TextDecoder();
	let start = 0;
	let number = line;
	while (start < bytes.length) {
		const found = bytes.indexOf(newline, start);
		const next = found === -1 ? bytes.length : found + 1;
		let end = found === -1 ? bytes.length : found;
		while (end > start && bytes[end - 1] === carriageReturn) {
			end--;
		}

		// Some firmware begins a line with it.
		while (start < end && bytes[start] === carriageReturn) {
			start++;
		}

		for (let from = start; from === start || from < end; from += longestLine) {
			const text = decoder.decode(bytes.subarray(from, Math.min(end, from + longestLine)));
			lines.push({number, offset: offset + from, text: printable(isRaw ? text : withoutEscapes(text))});
		}

		start = next;
		number++;
	}

	return lines;
};

/**
 * Where a text stands in a segment: a quick look at the whole, since most segments have none.
 * @param {Uint8Array} bytes
 * @param {string} wanted in lower case
 */
export const mayContain = (bytes, wanted) =>
	withoutEscapes(new TextDecoder().decode(bytes)).toLowerCase().includes(wanted);

/**
 * When the byte at an offset came, in ms since the machine was started; undefined before the first record.
 * @param {{readonly at: Float64Array, readonly offsets: Float64Array}} timing
 * @param {number} offset
 */
export const timeAt = ({at, offsets}, offset) => {
	let low = 0;
	let high = offsets.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if ((offsets[middle] ?? 0) <= offset) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}

	const us = at[low - 1];
	return us === undefined ? undefined : us / 1000;
};

/**
 * `<microseconds> <offset>`, a line each (harness/console/raw-log.ts).
 * @param {string} text
 */
export const parseTiming = (text) => {
	// What has no line break was still being written, or is cut off here.
	const records = text.split('\n').slice(0, -1);
	const at = new Float64Array(records.length);
	const offsets = new Float64Array(records.length);
	for (const [index, record] of records.entries()) {
		const space = record.indexOf(' ');
		at[index] = Number(record.slice(0, space));
		offsets[index] = Number(record.slice(space + 1));
	}

	return {at, offsets};
};
