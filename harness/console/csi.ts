/** ESC. */
export const escape = 0x1b;

const bracket = 0x5b;
/** Cursor position (H, f), line position (d), erase in display (J): firmware and boot menus start a new line by these instead of a line feed. */
const lineStarting = new Set([0x48, 0x66, 0x64, 0x4a]);

/**
 * The index of the last byte of the control sequence (ECMA-48, 5.4: `ESC [`, parameters, intermediates, final) that begins
 * at `at`; -1 when it is not one, or not yet. The lengths are bounded so that the outcome never depends on how the bytes were
 * cut: what is longer is noise.
 */
export const csiEnd = (bytes: Uint8Array, at: number, to: number): number => {
	if (at + 1 >= to || bytes[at + 1] !== bracket) {
		return -1;
	}

	let end = at + 2;
	for (const most = Math.min(to, end + 64); end < most && inside(bytes[end], 0x30, 0x3f);) {
		end += 1;
	}

	for (const most = Math.min(to, end + 8); end < most && inside(bytes[end], 0x20, 0x2f);) {
		end += 1;
	}

	return end < to && inside(bytes[end], 0x40, 0x7e) ? end : -1;
};

/** Whether a control sequence with this final byte begins a line of text. */
export const startsLine = (final: number | undefined): boolean => final !== undefined && lineStarting.has(final);

const inside = (byte: number | undefined, first: number, last: number): boolean =>
	byte !== undefined && byte >= first && byte <= last;
