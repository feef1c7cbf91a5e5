/**
 * The last bytes of a stream, addressed by their offset in the whole stream.
 * One fixed buffer: what it holds never depends on how the bytes were cut into chunks.
 */
export class Ring {
	readonly #buffer: Buffer;
	#end = 0;

	/** @param capacity bytes to keep */
	constructor(capacity: number) {
		this.#buffer = Buffer.allocUnsafe(capacity);
	}

	/** Offset after the last byte: how many bytes there were in all. */
	get end(): number {
		return this.#end;
	}

	/** Offset of the oldest byte that is still here. */
	get start(): number {
		return Math.max(0, this.#end - this.#buffer.length);
	}

	append(chunk: Uint8Array): void {
		const size = this.#buffer.length;
		const kept = chunk.length > size ? chunk.subarray(chunk.length - size) : chunk;
		const at = (this.#end + chunk.length - kept.length) % size;
		const untilWrap = Math.min(kept.length, size - at);
		this.#buffer.set(kept.subarray(0, untilWrap), at);
		this.#buffer.set(kept.subarray(untilWrap), 0);
		this.#end += chunk.length;
	}

	/** A copy of everything from `from` on, or from the oldest byte that is still here. */
	since(from: number): {readonly from: number; readonly bytes: Buffer} {
		const first = Math.min(Math.max(from, this.start), this.#end);
		const bytes = Buffer.allocUnsafe(this.#end - first);
		const size = this.#buffer.length;
		const at = first % size;
		const untilWrap = Math.min(bytes.length, size - at);
		bytes.set(this.#buffer.subarray(at, at + untilWrap), 0);
		bytes.set(this.#buffer.subarray(0, bytes.length - untilWrap), untilWrap);
		return {from: first, bytes};
	}
}
