/** A stretch of a stream: grows at its end, is cut off at its beginning; its memory is used again. */
export class ByteWindow {
	#buffer = Buffer.allocUnsafe(0);
	#start = 0;
	#end = 0;

	get length(): number {
		return this.#end - this.#start;
	}

	/** What it holds; only valid until the next call of another method. */
	get bytes(): Buffer {
		return this.#buffer.subarray(this.#start, this.#end);
	}

	append(bytes: Uint8Array): void {
		this.room(bytes.length).set(bytes);
		this.grow(bytes.length);
	}

	/** Memory for so many bytes at the end, to be written to and then claimed by `grow`. */
	room(length: number): Buffer {
		if (this.#end + length > this.#buffer.length) {
			const held = this.bytes;
			this.#buffer =
				held.length + length > this.#buffer.length ? Buffer.allocUnsafe(2 * (held.length + length)) : this.#buffer;
			this.#buffer.set(held);
			this.#start = 0;
			this.#end = held.length;
		}

		return this.#buffer.subarray(this.#end, this.#end + length);
	}

	grow(length: number): void {
		this.#end += length;
	}

	drop(length: number): void {
		this.#start += length;
	}
}
