import {Deadline} from '../../core/deadline.ts';
import {DeadlineError} from '../../core/errors.ts';
import {type MachinePort, type RawTap} from '../scenario.ts';

export type EchoOnPort = {
	readonly sent: Uint8Array;
	/** What the guest writes before it begins to send back, and after it has sent everything back. */
	readonly begin: string;
	readonly end: string;
	readonly deadline: Deadline;
	/** Aborted when the guest will not send any more. */
	readonly over: AbortSignal;
};

/** What may be under way: older kernels buffer little, and nobody slows the sender down. */
const windowBytes = 8192;
const pieceBytes = 4096;
/** Between two pieces at most: a hundred times what it takes under TCG. */
const stallMs = 10_000;

/**
 * Sends bytes to the guest and returns what came back between the two marks; less where the guest, or a wait, was over
 * before the end.
 * @throws the deadline's reason, PortClosedError
 */
export const echoOnPort = async (port: MachinePort, options: EchoOnPort): Promise<Buffer> => {
	await using tap = port.rawTap();
	const stream = new EchoStream(tap, options);
	try {
		await stream.until(() => stream.begun);
		for (let sent = 0; sent < options.sent.length; sent += pieceBytes) {
			await stream.until(() => stream.received + windowBytes > sent);
			await port.write(options.sent.subarray(sent, sent + pieceBytes));
		}

		await stream.until(() => stream.ended);
	} catch (error) {
		if (!(error instanceof DeadlineError) || options.deadline.signal.aborted) {
			throw error;
		}

		if (stream.begun && !options.over.aborted) {
			// The guest still waits for what got lost: any bytes end that.
			await port.write(new Uint8Array(options.sent.length));
		}
	}

	return stream.content;
};

/** What comes on one port, cut at the marks. */
class EchoStream {
	readonly #tap: RawTap;
	readonly #options: EchoOnPort;
	#bytes = Buffer.alloc(0);

	constructor(tap: RawTap, options: EchoOnPort) {
		this.#tap = tap;
		this.#options = options;
	}

	get begun(): boolean {
		return this.#begin !== -1;
	}

	get ended(): boolean {
		return this.#end !== -1;
	}

	/** Bytes since the first mark. */
	get received(): number {
		return this.content.length;
	}

	get content(): Buffer {
		return this.begun ? this.#bytes.subarray(this.#begin, this.ended ? this.#end : undefined) : Buffer.alloc(0);
	}

	/** Receives until something is so. @throws DeadlineError when nothing comes, or when it is over */
	async until(done: () => boolean): Promise<void> {
		const {deadline, over} = this.#options;
		while (!done()) {
			using step = new Deadline({
				phase: deadline.phase,
				budgetMs: Math.min(stallMs, deadline.remainingMs),
				signal: AbortSignal.any([deadline.signal, over]),
			});
			const count = Math.max(1, this.#tap.held());
			this.#bytes = Buffer.concat([this.#bytes, await this.#tap.take(count, step)]);
		}
	}

	get #begin(): number {
		const at = this.#bytes.indexOf(this.#options.begin);
		return at === -1 ? -1 : at + this.#options.begin.length;
	}

	get #end(): number {
		return this.#bytes.indexOf(this.#options.end, this.#begin);
	}
}
