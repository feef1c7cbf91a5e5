import {connect, type Socket} from 'node:net';
import {once} from 'node:events';
import {abortable} from '../core/abortable.ts';
import {monotonicMs} from '../core/clock.ts';
import {type Deadline} from '../core/deadline.ts';
import {HostError, messageOf} from '../core/errors.ts';
import {type PortName} from '../core/events.ts';
import {RawLog} from './raw-log.ts';
import {Ring} from './ring.ts';
import {PortClosedError, expectOn} from './expect.ts';
import {type ExpectResult, type Pattern} from './expectation.ts';
import {type RawTap, openRawTap} from './raw-tap.ts';
import {textLines} from './text-lines.ts';

/** How far back `expect` and `lastLine` can see, in raw bytes. */
const lookBackBytes = 256 * 1024;
/** One read of the socket; also what bounds the harness' memory in a flood. */
const readBytes = 128 * 1024;

/** Called with every chunk as it came; the chunk is only valid during the call. */
export type BytesListener = (chunk: Buffer, at: number) => void;

export type PortOptions = {
	readonly name: PortName;
	/** The port's unix socket, on which QEMU listens. */
	readonly socketPath: string;
	readonly logPath: string;
	readonly timingPath: string;
	/** Monotonic ms that the timing file counts from; the same for all ports of a run. Default: now. */
	readonly startedAt?: number | undefined;
	readonly signal?: AbortSignal | undefined;
};

/** One serial port of the machine, from the first byte to the last. */
export class ConsolePort implements AsyncDisposable {
	readonly name: PortName;
	readonly logPath: string;
	/** Settles when the port is closed for good; rejects with a HostError when the log could not be written. */
	readonly closed: Promise<void>;
	readonly #socket: Socket;
	readonly #log: RawLog;
	readonly #ring = new Ring(lookBackBytes);
	readonly #bytesListeners = new Set<BytesListener>();
	readonly #closing = new AbortController();
	#lastByteAt: number;
	#cursor = 0;

	/**
	 * Connects to a port's socket and drains it from then on. Connect before the machine runs its first instruction.
	 * @throws HostError when the socket or a log file cannot be opened
	 */
	static async connect(options: PortOptions): Promise<ConsolePort> {
		options.signal?.throwIfAborted();
		const port = new ConsolePort(options);
		try {
			await once(port.#socket, 'connect', options.signal === undefined ? {} : {signal: options.signal});
		} catch (error) {
			await port[Symbol.asyncDispose]();
			options.signal?.throwIfAborted();
			throw new HostError(`Cannot connect to ${options.name} at ${options.socketPath}: ${messageOf(error)}`, {
				cause: error,
			});
		}

		return port;
	}

	private constructor(options: PortOptions) {
		const startedAt = options.startedAt ?? monotonicMs();
		this.name = options.name;
		this.logPath = options.logPath;
		this.#lastByteAt = startedAt;
		const {promise, resolve, reject} = Promise.withResolvers<undefined>();
		this.closed = promise;
		// Whoever cares awaits it; nobody has to.
		promise.catch(() => undefined);
		let failure: HostError | undefined;
		this.#log = new RawLog({
			path: options.logPath,
			timingPath: options.timingPath,
			startedAt,
			onError: (error) => {
				failure = error;
				this.#socket.destroy();
			},
		});
		this.#socket = connect({
			path: options.socketPath,
			onread: {
				buffer: Buffer.allocUnsafe(readBytes),
				callback: (length, buffer) => {
					this.#receive(Buffer.from(buffer.buffer, buffer.byteOffset, length));
					return true;
				},
			},
		});
		// 'close' follows every error and says all there is to say: the other end is gone.
		this.#socket.on('error', () => undefined);
		this.#socket.on('end', () => this.#socket.destroy());
		this.#socket.on('close', () => {
			this.#log[Symbol.dispose]();
			this.#closing.abort(failure ?? new PortClosedError(this));
			if (failure === undefined) {
				resolve(undefined);
			} else {
				reject(failure);
			}
		});
	}

	/** Bytes received so far. */
	get received(): number {
		return this.#ring.end;
	}

	/** When the last byte came, monotonic ms; before the first one, when the port was connected. */
	get lastByteAt(): number {
		return this.#lastByteAt;
	}

	/** Aborted when the port closes, with the error that a wait on it should end with. */
	get closing(): AbortSignal {
		return this.#closing.signal;
	}

	/** The last line with text on it, finished or not: what a failure message quotes. */
	get lastLine(): string {
		return textLines(this.since(this.received - 8 * 1024).bytes).at(-1) ?? '';
	}

	/** The last lines with text on them, the newest last. */
	lastLines(count: number): readonly string[] {
		return textLines(this.since(0).bytes).slice(-count);
	}

	/** The raw bytes from an offset on, as far back as they are still held (256 KiB). */
	since(offset: number): {readonly from: number; readonly bytes: Buffer} {
		return this.#ring.since(offset);
	}

	/**
	 * Sends bytes to the guest; settles when the kernel has taken them.
	 * @throws PortClosedError when the port is closed
	 */
	async write(bytes: Uint8Array | string): Promise<void> {
		this.closing.throwIfAborted();
		if (!this.#socket.write(bytes)) {
			await abortable(once(this.#socket, 'drain'), this.closing);
		}
	}

	/**
	 * Waits for the first of some patterns in the decoded text since the end of the last match (or `from`, an offset in raw bytes).
	 * @param options.what what is waited for, as a message says it: "login prompt"
	 * @throws DeadlineError naming the phase, the last line and the log; the signal's reason; PortClosedError
	 */
	async expect(
		pattern: Pattern | readonly Pattern[],
		deadline: Deadline,
		options: {readonly from?: number; readonly what?: string} = {},
	): Promise<ExpectResult> {
		const result = await expectOn(this, deadline, {
			patterns: typeof pattern === 'string' || pattern instanceof RegExp ? [pattern] : pattern,
			from: options.from ?? this.#cursor,
			what: options.what,
		});
		this.#cursor = Math.max(this.#cursor, result.end);
		return result;
	}

	/** Calls the listener with every chunk from now on, before it is decoded. */
	onBytes(listener: BytesListener): Disposable {
		this.#bytesListeners.add(listener);
		return {[Symbol.dispose]: () => void this.#bytesListeners.delete(listener)};
	}

	/** Collects the exact bytes from now on, for tests that compare them. */
	rawTap(): RawTap {
		return openRawTap(this);
	}

	/** Makes the log files complete up to the last byte received. */
	flush(): void {
		this.#log.flush();
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.#socket.destroy();
		if (!this.closing.aborted) {
			await once(this.closing, 'abort');
		}
	}

	#receive(chunk: Buffer): void {
		const at = monotonicMs();
		this.#lastByteAt = at;
		this.#log.append(chunk, at);
		this.#ring.append(chunk);
		for (const listener of this.#bytesListeners) {
			listener(chunk, at);
		}
	}
}
