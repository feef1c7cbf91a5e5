import {closeSync, openSync, writeSync} from 'node:fs';
import {type Timer, startTimer} from '../core/clock.ts';
import {HostError, messageOf} from '../core/errors.ts';

/** Bytes are on their way to the file after this long at the latest: what a SIGKILL of the harness can cost. */
const flushAfterMs = 20;
/** Chunks from this size on go to the file at once, without being copied. */
const pendingBytes = 32 * 1024;
/** Chunks that arrive within this time of each other share one record of the timing file. */
const coalesceMs = 1;

/**
 * The transcript of a port: every byte as it came, and when it came.
 *
 * The timing file has one line a record: `<microseconds since startedAt> <offset of the first byte>`, both decimal and
 * both rising. The bytes from that offset up to the next record's came at that time (within a millisecond).
 *
 * Writing is synchronous on purpose: the page cache takes it in microseconds, the socket is not read meanwhile, so a
 * flood cannot pile up in memory and needs no second queue.
 */
export class RawLog implements Disposable {
	readonly path: string;
	readonly #log: number;
	readonly #timing: number;
	readonly #startedAt: number;
	readonly #onError: (error: HostError) => void;
	readonly #pending = Buffer.allocUnsafe(pendingBytes);
	#pendingLength = 0;
	#records = '';
	#recordAt = -Infinity;
	#offset = 0;
	#timer: Timer | undefined;
	#open = true;

	/**
	 * @param options.startedAt monotonic ms that count as 0 in the timing file; give all ports the same
	 * @param options.onError told once when the disk is full or the file cannot be written
	 * @throws HostError when a file cannot be opened
	 */
	constructor(options: {
		readonly path: string;
		readonly timingPath: string;
		readonly startedAt: number;
		readonly onError: (error: HostError) => void;
	}) {
		this.path = options.path;
		this.#startedAt = options.startedAt;
		this.#onError = options.onError;
		try {
			this.#log = openSync(options.path, 'a');
			this.#timing = openSync(options.timingPath, 'a');
		} catch (error) {
			throw new HostError(`Cannot write the console log: ${messageOf(error)}`, {cause: error});
		}
	}

	append(chunk: Uint8Array, at: number): void {
		if (!this.#open) {
			return;
		}

		if (at - this.#recordAt >= coalesceMs) {
			this.#recordAt = at;
			this.#records += `${Math.round((at - this.#startedAt) * 1000)} ${this.#offset}\n`;
		}

		this.#offset += chunk.length;
		if (this.#pendingLength + chunk.length <= pendingBytes) {
			this.#pending.set(chunk, this.#pendingLength);
			this.#pendingLength += chunk.length;
			this.#timer ??= startTimer(flushAfterMs, () => this.flush());
			return;
		}

		this.flush();
		this.#guarded(() => writeAll(this.#log, chunk));
	}

	/** Everything received so far is in the files afterwards. */
	flush(): void {
		this.#timer?.cancel();
		this.#timer = undefined;
		this.#guarded(() => {
			writeAll(this.#log, this.#pending.subarray(0, this.#pendingLength));
			this.#pendingLength = 0;
			writeAll(this.#timing, Buffer.from(this.#records, 'latin1'));
			this.#records = '';
		});
	}

	[Symbol.dispose](): void {
		this.flush();
		if (this.#open) {
			this.#close();
		}
	}

	#guarded(action: () => void): void {
		if (!this.#open) {
			return;
		}

		try {
			action();
		} catch (error) {
			this.#close();
			this.#onError(new HostError(`Cannot write ${this.path}: ${messageOf(error)}`, {cause: error}));
		}
	}

	#close(): void {
		this.#open = false;
		this.#timer?.cancel();
		closeSync(this.#log);
		closeSync(this.#timing);
	}
}

const writeAll = (fd: number, bytes: Uint8Array): void => {
	for (let done = 0; done < bytes.length;) {
		done += writeSync(fd, bytes, done);
	}
};
