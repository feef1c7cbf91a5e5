/**
 * Guest text as it may be shown on a terminal or in a report: control characters, bidirectional overrides, zero-width
 * characters, noncharacters and broken surrogates become visible escapes, and a text longer than `limit` characters is cut and says so.
 */
export const printable = (text: string, limit = 500): string => {
	// Nearly every text is.
	if (text.length <= limit && !isUnprintable.test(text)) {
		return text;
	}

	// Cut first: a gigabyte without a newline must not be escaped before it is thrown away.
	const characters = codePoints(text.slice(0, limit * 2));
	const shown = characters
		.slice(0, limit)
		.join('')
		.replaceAll(unprintable, (character) => escape(character));
	const dropped = text.length - characters.slice(0, limit).join('').length;
	return dropped > 0 ? `${shown}… (${dropped} more)` : shown;
};

/** The same of a text with line breaks of its own, such as advice. Not of what a guest wrote: there a line break is one more trick. */
export const printableLines = (text: string, limit = 2000): string =>
	text
		.slice(0, limit)
		.split('\n')
		.map((line) => printable(line, limit))
		.join('\n');

/**
 * Control (Cc), format (Cf: bidi, zero width, BOM), surrogate halves (Cs), line and paragraph separators (Zl, Zp), and noncharacters, of
 * which XML has no U+FFFE and U+FFFF, not even as a reference (XML 1.0, 2.2).
 */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]/gu;
const isUnprintable = new RegExp(unprintable.source, 'u');

const escape = (character: string): string => {
	const code = character.codePointAt(0) ?? 0;
	return code < 0x1_00 ? String.raw`\x${code.toString(16).padStart(2, '0')}` : String.raw`\u{${code.toString(16)}}`;
};

/** The characters of a text as a terminal counts them, near enough: what it draws two columns wide is cut a little late. */
// eslint-disable-next-line @typescript-eslint/no-misused-spread -- code points are what is wanted here, a broken half included
export const codePoints = (text: string): readonly string[] => [...text];
