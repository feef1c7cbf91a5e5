/* eslint-disable unicorn/prefer-code-point -- every character here is one byte (latin1) */

/** Where decoded text goes: in pieces, each with the offset of its first byte in the raw bytes. */
export type TextSink = (text: string, rawOffset: number) => void;

// ECMA-48: CSI (8.3.16 and 5.4), the string controls DCS, SOS, OSC, PM, APC (5.6), ESC with intermediates (nF), and the rest.
// A string control also ends at a line end or the next ESC: an unfinished one must not swallow the console.
// Lengths are bounded so that neither memory nor the outcome depends on how the bytes were cut: longer ones are noise.
/* eslint-disable no-control-regex -- terminal control is what this removes */
const escape =
	/\u001B(?:\[[0-?]{0,64}[ -/]{0,8}([@-~])|[\]PX^_][^\u0007\u001B\r\n]{0,500}(?:\u0007|\u001B\\|(?=[\u001B\r\n]))|[ -/]{1,8}[0-~]|[0-OQ-WYZ\\`-~])/y;
const unfinishedEscape = /\u001B(?:\[[0-?]{0,64}[ -/]{0,8}|[\]PX^_][^\u0007\u001B\r\n]{0,500}\u001B?|[ -/]{0,8})$/y;
/* eslint-enable no-control-regex */
/** Cursor position, erase in display: firmware and boot menus start a new line by these instead of a line feed. */
const startsLine = new Set(['H', 'f', 'd', 'J']);
// Anything but tab, line feed and printable ASCII.
const special = /[^\t\n -~]/g;

/**
 * Bytes of a console (given as latin1) → text: terminal control, NUL, BEL and backspace removed; `\r\n`, `\r\r\n` and a
 * lone `\r` become `\n`; UTF-8 decoded, what is not valid becomes U+FFFD; other control characters become their picture
 * (U+2400 …), so that nothing invisible reaches a report. Linear in the input.
 * @param options.final no more bytes will come: decode an unfinished sequence as what it is
 * @returns how many bytes were consumed; the rest is an unfinished sequence, to be given again with what follows
 */
export const decodeInto = (
	raw: string,
	sink: TextSink,
	{base = 0, final = false}: {readonly base?: number; readonly final?: boolean} = {},
): number => {
	let at = 0;
	while (at < raw.length) {
		special.lastIndex = at;
		const found = special.exec(raw)?.index ?? raw.length;
		if (found > at) {
			sink(raw.slice(at, found), base + at);
			at = found;
			continue;
		}

		const code = raw.charCodeAt(at);
		const step = code === 0x0d ? lineEnd(raw, at) : code === 0x1b ? control(raw, at) : character(raw, at);
		if (step === undefined) {
			if (!final) {
				return at;
			}

			at += 1;
			continue;
		}

		if (step.text !== '') {
			sink(step.text, base + at);
		}

		at += step.length;
	}

	return at;
};

/** `length` bytes stand for `text`; undefined: more bytes are needed to tell. */
type Step = {readonly text: string; readonly length: number} | undefined;

const lineEnd = (raw: string, at: number): Step => {
	let end = at;
	while (raw.charCodeAt(end) === 0x0d) {
		end += 1;
	}

	if (end === raw.length) {
		// Whether the last one ends a line by itself is not known yet; those before it do not matter any more.
		return end - at > 1 ? {text: '', length: end - at - 1} : undefined;
	}

	return {text: '\n', length: end - at + (raw.charCodeAt(end) === 0x0a ? 1 : 0)};
};

const control = (raw: string, at: number): Step => {
	escape.lastIndex = at;
	const match = escape.exec(raw);
	if (match !== null) {
		return {text: match[1] !== undefined && startsLine.has(match[1]) ? '\n' : '', length: match[0].length};
	}

	unfinishedEscape.lastIndex = at;
	return unfinishedEscape.test(raw) ? undefined : {text: '', length: 1};
};

const replacement = '\uFFFD';

const character = (raw: string, at: number): Step => {
	const lead = raw.charCodeAt(at);
	if (lead < 0x80) {
		const gone = [0, 7, 8].includes(lead);
		return {text: gone ? '' : lead === 0x7f ? '\u2421' : String.fromCodePoint(0x24_00 + lead), length: 1};
	}

	const length =
		lead >= 0xc2 && lead < 0xe0 ? 2 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xf0 && lead < 0xf5 ? 4 : 1;
	let code = length === 2 ? lead & 0x1f : length === 3 ? lead & 0x0f : lead & 0x07;
	for (let index = 1; index < length; index++) {
		if (at + index === raw.length) {
			return undefined;
		}

		const next = raw.charCodeAt(at + index);
		if (next < 0x80 || next > 0xbf) {
			return {text: replacement, length: 1};
		}

		code = (code << 6) | (next & 0x3f);
	}

	// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF. C1 controls (U+0080 …) are no text either.
	const least = [0, 0x11_00_00, 0xa0, 0x8_00, 0x1_00_00][length] ?? 0;
	const valid = code >= least && code <= 0x10_ff_ff && (code < 0xd8_00 || code > 0xdf_ff);
	return valid ? {text: String.fromCodePoint(code), length} : {text: replacement, length: 1};
};
