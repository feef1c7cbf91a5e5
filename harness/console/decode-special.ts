import {alone, cutOff, escape, sequenceEnd, startsLine} from './escape-sequence.ts';

/** `length` raw bytes stand for `text`. */
export type Step = {readonly length: number; readonly text: string};

/** One raw byte becomes three bytes of text at most: U+FFFD, or the picture of a control character. */
export const growth = 3;

/** What the byte at `at` begins: anything but tab and printable ASCII. Undefined: more bytes are needed to tell. */
export const decodeSpecial = (raw: Buffer, at: number): Step | undefined => {
	switch (raw[at]) {
		case lineFeed: {
			return fed;
		}

		case carriageReturn: {
			return lineEnd(raw, at);
		}

		case escape: {
			return control(raw, at);
		}

		default: {
			return character(raw, at);
		}
	}
};

/** The same where nothing follows that it needs. */
export const unfinished = (byte: number | undefined): Step =>
	byte === carriageReturn ? returned : byte === escape ? dropped : invalid;

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const fed: Step = {length: 1, text: '\n'};
const returned: Step = {length: 1, text: '\n'};
const returnedAndFed: Step = {length: 2, text: '\n'};

const lineEnd = (raw: Buffer, at: number): Step | undefined => {
	if (raw[at + 1] === lineFeed) {
		return returnedAndFed;
	}

	let end = at;
	while (raw[end] === carriageReturn) {
		end += 1;
	}

	if (end === raw.length) {
		// Whether the last one ends a line by itself is not known yet; those before it do not matter any more.
		return end - at > 1 ? {length: end - at - 1, text: ''} : undefined;
	}

	return {length: end - at + (raw[end] === lineFeed ? 1 : 0), text: '\n'};
};

const control = (raw: Buffer, at: number): Step | undefined => {
	const end = sequenceEnd(raw, at, raw.length);
	switch (end) {
		case alone: {
			return dropped;
		}

		case cutOff: {
			return undefined;
		}

		default: {
			return {length: end + 1 - at, text: startsLine(raw, at, end) ? '\n' : ''};
		}
	}
};

const dropped: Step = {length: 1, text: ''};
const invalid: Step = {length: 1, text: '\uFFFD'};

const character = (raw: Buffer, at: number): Step | undefined => {
	const lead = raw[at] ?? 0;
	if (lead < 0x80) {
		const gone = [0, 7, 8].includes(lead);
		return gone ? dropped : {length: 1, text: lead === 0x7f ? '\u2421' : String.fromCodePoint(0x24_00 + lead)};
	}

	const length =
		lead >= 0xc2 && lead < 0xe0 ? 2 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xf0 && lead < 0xf5 ? 4 : 1;
	let code = length === 2 ? lead & 0x1f : length === 3 ? lead & 0x0f : lead & 0x07;
	for (let index = 1; index < length; index++) {
		const next = raw[at + index];
		if (next === undefined) {
			return undefined;
		}

		if (next < 0x80 || next > 0xbf) {
			return invalid;
		}

		code = (code << 6) | (next & 0x3f);
	}

	// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF. C1 controls (U+0080 …) are no text either.
	const least = [0, 0x11_00_00, 0xa0, 0x8_00, 0x1_00_00][length] ?? 0;
	const valid = code >= least && code <= 0x10_ff_ff && (code < 0xd8_00 || code > 0xdf_ff);
	return valid ? {length, text: String.fromCodePoint(code)} : invalid;
};
