/** ESC. */
export const escape = 0x1b;

/** It is no sequence: the escape character stands alone. */
export const alone = -1;
/** It may become one with the bytes that follow. */
export const cutOff = -2;

/**
 * The index of the last byte of the escape sequence (ECMA-48) that begins at `at`, or `alone`, or `cutOff`. Lengths are
 * bounded so that neither memory nor the outcome depends on how the bytes were cut: what is longer is noise.
 */
export const sequenceEnd = (bytes: Uint8Array, at: number, to: number): number => {
	const second = at + 1 < to ? bytes[at + 1] : undefined;
	if (second === undefined) {
		return cutOff;
	}

	if (stringControls.has(second)) {
		return stringEnd(bytes, at, to);
	}

	// Else two bytes long, or with intermediates (nF), as for character sets.
	let end = at + 1;
	let firstFinal = 0x30;
	if (second === controlSequence) {
		firstFinal = 0x40;
		end = at + 2;
		for (const most = Math.min(to, end + 64); end < most && (bytes[end] ?? 0) >= 0x30 && (bytes[end] ?? 0) <= 0x3f;) {
			end += 1;
		}
	}

	for (const most = Math.min(to, end + 8); end < most && (bytes[end] ?? 0) >= 0x20 && (bytes[end] ?? 0) <= 0x2f;) {
		end += 1;
	}

	if (end === to) {
		return cutOff;
	}

	const final = bytes[end] ?? 0;
	return final >= firstFinal && final <= 0x7e ? end : alone;
};

/** Whether a sequence begins a line of text: firmware and boot menus use these instead of a line feed. */
export const startsLine = (bytes: Uint8Array, at: number, end: number): boolean =>
	bytes[at + 1] === controlSequence && lineStarting.has(bytes[end] ?? 0);

/** `ESC [` (5.4). */
const controlSequence = 0x5b;
/** DCS, SOS, OSC, PM, APC (5.6). */
const stringControls = new Set(Buffer.from('PX]^_'));
/** Cursor position (H, f), line position (d), erase in display (J). */
const lineStarting = new Set(Buffer.from('HfdJ'));
const longestString = 500;

/** A string control ends with BEL, at the next escape character (the terminator is ESC \), and at a line end: an unfinished one must not swallow the console. */
const stringEnd = (bytes: Uint8Array, at: number, to: number): number => {
	const most = Math.min(to, at + 2 + longestString + 1);
	for (let end = at + 2; end < most; end++) {
		switch (bytes[end]) {
			case 0x07: {
				return end;
			}

			case 0x0a:
			case 0x0d:
			case escape: {
				return end - 1;
			}

			default:
		}
	}

	return most === to ? cutOff : alone;
};
