import fc from 'fast-check';

const text = (...texts: readonly string[]): readonly Buffer[] => texts.map((one) => Buffer.from(one));

/** What consoles send and what nobody should: words, line ends, terminal control whole and cut off, UTF-8 right and wrong. */
const tokens: readonly Buffer[] = [
	...text(
		'login: ',
		'Kernel panic',
		'a',
		' ',
		'[    1.5] ',
		'\n',
		'\r\n',
		'\r\r\n',
		'\r',
		'\t',
		'…',
		'é',
		'🐧',
		'\u202E',
	),
	...text(
		'\u001B[0;1;31m',
		'\u001B[m',
		'\u001B[2J',
		'\u001B[1;1H',
		'\u001B[',
		'\u001B[0',
		'\u001B',
		'\u001Bc',
		'\u001B(B',
	),
	...text('\u001B]0;title\u0007', '\u001B]0;title\u001B\\', '\u001B]never ended', '\u001BP', '\u001B[?7l', '\u001B[ q'),
	...text('\0', '\u0007', '\b', '\v', '\u007F', '\u0001'),
	...[[0xff], [0xc3], [0xe2, 0x80], [0xf0, 0x9f, 0x90], [0x80], [0xc0, 0xaf], [0xed, 0xa0, 0x80]].map((bytes) =>
		Buffer.from(bytes),
	),
];

/** Bytes as a hostile console sends them. */
export const consoleBytes = fc
	.array(
		fc.oneof(
			fc.constantFrom(...tokens),
			fc.uint8Array({maxLength: 4}).map((bytes) => Buffer.from(bytes)),
		),
		{
			maxLength: 40,
		},
	)
	.map((parts) => Buffer.concat(parts));

/** The same bytes in pieces: as one, a byte at a time, or cut at some places. */
export const cut = (bytes: Buffer, places: readonly number[]): readonly Buffer[] => {
	const at = [0, ...places.map((place) => place % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
	return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
};

/** Where to cut. */
export const places = fc.array(fc.nat(), {maxLength: 60});
