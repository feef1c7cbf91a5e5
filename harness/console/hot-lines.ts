import {decodeInto, textBytes} from './decode.ts';
import {type TriggerScan} from './trigger-scan.ts';

/** A longer line is looked at in pieces of this many bytes: no console message that matters is longer, and memory stays bounded. */
const pieceBytes = 4096;
const lineFeed = 0x0a;

/** Called with the decoded text of a line, and the offset of its first byte in the port's raw bytes. */
export type LineSink = (text: string, offset: number) => void;

/**
 * Cuts the bytes of a port into lines and decodes those that may matter: the ones in which the scan finds something.
 * Which lines come out does not depend on how the bytes were cut into chunks.
 */
export class HotLines {
	readonly #sink: LineSink;
	#scan: TriggerScan;
	/** The beginning of a line that has not ended yet. */
	readonly #piece = Buffer.allocUnsafe(pieceBytes);
	#length = 0;
	#hot = false;
	/** Bytes received so far. */
	#received = 0;

	constructor(scan: TriggerScan, sink: LineSink) {
		this.#scan = scan;
		this.#sink = sink;
	}

	/** Another set of triggers from the next line on. Only to be called from within the sink. */
	use(scan: TriggerScan): void {
		scan.reset();
		this.#scan = scan;
	}

	/** A line that may matter has begun and not ended: only silence can tell whether it is a prompt. */
	get waiting(): boolean {
		return this.#hot && this.#length > 0;
	}

	feed(chunk: Buffer): void {
		let at = 0;
		while (at < chunk.length) {
			at = this.#length > 0 ? this.#finish(chunk, at) : this.#skip(chunk, at);
		}

		this.#received += chunk.length;
	}

	/** The unfinished line as it stands, if it may matter. */
	peek(sink: LineSink): void {
		if (this.waiting) {
			decodeLines(this.#piece.subarray(0, this.#length), this.#received - this.#length, sink);
		}
	}

	/** Nothing follows any more: what is unfinished is a line. */
	end(): void {
		this.peek(this.#sink);
		this.#length = 0;
	}

	/** Goes on with the unfinished line. */
	#finish(chunk: Buffer, at: number): number {
		const newline = chunk.indexOf(lineFeed, at);
		const end = Math.min(newline === -1 ? chunk.length : newline + 1, at + pieceBytes - this.#length);
		this.#hot ||= this.#scan.next(chunk, at, end) !== -1;
		chunk.copy(this.#piece, this.#length, at, end);
		this.#length += end - at;
		if (this.#length === pieceBytes || end === newline + 1) {
			const length = this.#length;
			this.#length = 0;
			if (this.#hot) {
				this.#emit(this.#piece.subarray(0, length), this.#received + end - length);
			}
		}

		return end;
	}

	/** Passes over lines, up to the end of the first one that may matter. */
	#skip(chunk: Buffer, at: number): number {
		const hit = this.#scan.next(chunk, at, chunk.length);
		const seen = hit === -1 ? chunk.length : hit;
		const line = seen === at ? at : Math.max(at, chunk.lastIndexOf(lineFeed, seen - 1) + 1);
		const start = line + Math.floor((seen - line) / pieceBytes) * pieceBytes;
		const newline = hit === -1 ? -1 : chunk.indexOf(lineFeed, hit);
		const end = Math.min(newline === -1 ? chunk.length : newline + 1, start + pieceBytes);
		this.#hot = hit !== -1;
		if (hit !== -1 && (end === newline + 1 || end === start + pieceBytes)) {
			this.#emit(chunk.subarray(start, end), this.#received + start);
			return end;
		}

		chunk.copy(this.#piece, 0, start, end);
		this.#length = end - start;
		return end;
	}

	#emit(bytes: Buffer, offset: number): void {
		this.#hot = false;
		decodeLines(bytes, offset, this.#sink);
	}
}

/** Of one piece at a time: nothing is awaited while it is in use. */
const text = Buffer.allocUnsafe(textBytes(pieceBytes));

const decodeLines = (bytes: Buffer, offset: number, sink: LineSink): void => {
	for (let at = 0; at < bytes.length;) {
		const {read, written} = decodeInto(bytes.subarray(at), text, {final: true, line: true});
		const line = text.toString('utf8', 0, written).trimEnd();
		if (line !== '') {
			sink(line, offset + at);
		}

		at += read;
	}
};
