import {decodeSpecial, growth, unfinished} from './decode-special.ts';

/** How far a decoding came: raw bytes taken, and bytes of text made of them. */
export type Decoded = {readonly read: number; readonly written: number};

export type DecodeOptions = {
	/** No more bytes will come: decode an unfinished sequence as what it is. */
	readonly final?: boolean;
	/** Stop as soon as there are so many bytes of text. */
	readonly limit?: number;
	/** Stop after a line end. */
	readonly line?: boolean;
};

/**
 * Bytes of a console → text as UTF-8: terminal control, NUL, BEL and backspace removed; `\r\n`, `\r\r\n` and a lone `\r`
 * become `\n`; what is not valid UTF-8 becomes U+FFFD; other control characters become their picture (U+2400 …), so that
 * nothing invisible reaches a report. Linear in the input; the text does not depend on how the bytes were cut.
 * @param out where the text goes: at least `textBytes(raw.length)` long
 * @returns `read` falls short of the raw bytes by an unfinished sequence, to be given again with what follows
 */
export const decodeInto = (
	raw: Buffer,
	out: Buffer,
	{final = false, limit = Infinity, line = false}: DecodeOptions = {},
): Decoded => {
	let read = 0;
	let written = 0;
	for (;;) {
		// Nearly all bytes of a console: the speed hangs on this loop.
		for (const end = Math.min(raw.length, read + limit - written); read < end; read++) {
			const byte = raw[read] ?? 0;
			if (isPlain[byte] === 0) {
				break;
			}

			out[written] = byte;
			written += 1;
		}

		if (read >= raw.length || written >= limit) {
			break;
		}

		const step = decodeSpecial(raw, read) ?? (final ? unfinished(raw[read]) : undefined);
		if (step === undefined) {
			break;
		}

		read += step.length;
		written = append(out, written, step.text);
		if (line && step.text === '\n') {
			break;
		}
	}

	return {read, written};
};

/** Bytes of text that so many raw bytes can become. */
export const textBytes = (rawBytes: number): number => rawBytes * growth;

/** The text of bytes that nothing follows. */
export const decodeAll = (raw: Buffer): string => {
	const out = Buffer.allocUnsafe(textBytes(raw.length));
	return out.toString('utf8', 0, decodeInto(raw, out, {final: true}).written);
};

/** Tab and printable ASCII. */
const isPlain = Uint8Array.from({length: 256}, (_, byte) => (byte === 0x09 || (byte >= 0x20 && byte < 0x7f) ? 1 : 0));

const append = (out: Buffer, at: number, text: string): number => {
	if (text === '\n') {
		out[at] = 0x0a;
		return at + 1;
	}

	return text === '' ? at : at + out.write(text, at);
};
