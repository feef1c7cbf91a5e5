/** Longest line that is sent: a terminal in canonical mode cuts at 4095 bytes (n_tty(7)), and a slow reader should not be pressed. */
const lineBytes = 900;
/** What may be under way unanswered: less than the 64 KiB that a serial port of an older kernel buffers (tty_buffer.c, TTYB_DEFAULT_MEM_LIMIT). */
const windowBytes = 16 * 1024;
/** Bytes of stdin in one window, before base64; divisible by three, so that each block decodes by itself. */
const blockBytes = 9 * 1024;

export type ShellRequest = {
	readonly command: string;
	readonly stdin: Uint8Array | undefined;
	/** Bytes of stdout and of stderr that come back at most; undefined: all. */
	readonly maxBytes: number | undefined;
};

/** One piece to send; `answered` pieces are followed by an `a` answer, which is awaited before the next piece goes out. */
export type Piece = {readonly text: string; readonly answered: boolean};

export type Helper = {
	readonly nonce: string;
	readonly seq: number;
	readonly takesBase64: boolean;
	/** Something of an earlier attempt may have arrived. */
	readonly again: boolean;
};

/** The lines that bring a request to the helper, the last of which runs it. */
export const requestPieces = (request: ShellRequest, helper: Helper): readonly Piece[] => {
	const {nonce} = helper;
	const stdin = request.stdin ?? new Uint8Array();
	const escaped = /[^\n -~]/.test(request.command);
	const command = escaped ? escapeBytes(Buffer.from(request.command)) : request.command;
	const lines = command
		.split('\n')
		.flatMap((line, index) => [...(index === 0 ? [] : [`${nonce}/`]), ...cut(line).map((part) => `${nonce}+${part}`)]);
	const max = request.maxBytes === undefined ? 0 : request.maxBytes + 1;
	const run = `${nonce}!${helper.seq},${command.length},${stdin.length},${escaped ? 1 : 0},${max}\n`;
	const sent = windows(lines, nonce);
	return [
		...(stdin.length > 0 || helper.again ? [{text: `${nonce}=\n`, answered: false}] : []),
		...stdinPieces(stdin, helper),
		...sent.slice(0, -1),
		{text: `${sent.at(-1)?.text ?? ''}${run}`, answered: false},
	];
};

const cut = (text: string): readonly string[] =>
	Array.from({length: Math.ceil(text.length / lineBytes)}, (_, index) =>
		text.slice(index * lineBytes, (index + 1) * lineBytes),
	);

/** As printf's `%b` takes it; the helper joins the parts before it decodes, so a cut inside an escape does no harm. */
const escapeBytes = (bytes: Uint8Array): string =>
	Array.from(bytes, (byte) =>
		byte >= 0x20 && byte < 0x7f && byte !== 0x5c ? String.fromCodePoint(byte) : octal(byte),
	).join('');

const octal = (byte: number): string => String.raw`\0${byte.toString(8).padStart(3, '0')}`;

const windows = (lines: readonly string[], nonce: string): readonly Piece[] => {
	const pieces: string[] = [''];
	for (const line of lines) {
		const last = pieces.at(-1) ?? '';
		if (last.length + line.length > windowBytes) {
			pieces.push(`${line}\n`);
		} else {
			pieces[pieces.length - 1] = `${last}${line}\n`;
		}
	}

	return pieces.map((text, index) =>
		index < pieces.length - 1 ? {text: `${text}${nonce}~\n`, answered: true} : {text, answered: false},
	);
};

const stdinPieces = (stdin: Uint8Array, {nonce, takesBase64}: Helper): readonly Piece[] => {
	if (!takesBase64) {
		// Five characters a byte: a slow way, for guests with very few tools.
		const lines = slices(stdin, 180).map((part) => `${nonce}>${[...part].map(octal).join('')}`);
		return stdin.length === 0 ? [] : windows([...lines, ''.padEnd(windowBytes)], nonce).slice(0, -1);
	}

	return slices(stdin, blockBytes).map((block) => {
		const lines = cut(Buffer.from(block).toString('base64'));
		const text = lines.map((line) => `${line}\n`).join('');
		return {text: `${nonce}<${text.length}\n${text}`, answered: true};
	});
};

const slices = (bytes: Uint8Array, size: number): readonly Uint8Array[] =>
	Array.from({length: Math.ceil(bytes.length / size)}, (_, index) => bytes.subarray(index * size, (index + 1) * size));
