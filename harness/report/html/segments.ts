/** A piece of a console that the page unpacks by itself. */
export type Segment = {
	/** Of its first byte in the port's log. */
	readonly offset: number;
	/** Number of its first line, from 1 on. */
	readonly line: number;
	/** Line breaks in it. */
	readonly breaks: number;
	readonly bytes: Buffer;
};

/** Small enough to be shown at once, large enough to be packed well. */
const mostBytes = 128 * 1024;
const mostLines = 2000;
const newline = 0x0a;

/** Cuts a log between lines; only a line that is longer than a segment is cut in itself. */
export async function* segmentsOf(
	pieces: AsyncIterable<Buffer>,
	from: {readonly offset: number; readonly line: number},
): AsyncGenerator<Segment> {
	let {offset, line} = from;
	let rest: Buffer = Buffer.alloc(0);
	const cut = (bytes: Buffer): Segment => {
		const segment = {offset, line, breaks: breaksIn(bytes), bytes};
		offset += bytes.length;
		line += segment.breaks;
		return segment;
	};

	for await (const piece of pieces) {
		rest = Buffer.concat([rest, piece]);
		// Whatever is cut off here, more follows it.
		while (rest.length > mostBytes) {
			const length = lengthOfFirst(rest);
			yield cut(rest.subarray(0, length));
			rest = rest.subarray(length);
		}
	}

	while (rest.length > 0) {
		const length = lengthOfFirst(rest);
		yield cut(rest.subarray(0, length));
		rest = rest.subarray(length);
	}
}

const breaksIn = (bytes: Buffer): number => {
	let breaks = 0;
	for (let at = bytes.indexOf(newline); at !== -1; at = bytes.indexOf(newline, at + 1)) {
		breaks++;
	}

	return breaks;
};

const lengthOfFirst = (bytes: Buffer): number => {
	const most = Math.min(bytes.length, mostBytes);
	let end = 0;
	let lines = 0;
	for (
		let at = bytes.indexOf(newline);
		at !== -1 && at < most && lines < mostLines;
		at = bytes.indexOf(newline, at + 1)
	) {
		end = at + 1;
		lines++;
	}

	// The end of the log has no line break after it.
	return end === 0 || (lines < mostLines && most === bytes.length) ? most : end;
};
