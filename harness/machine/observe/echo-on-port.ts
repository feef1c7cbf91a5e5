import {Deadline} from '../../core/deadline.ts';
import {DeadlineError} from '../../core/errors.ts';
import {type MachinePort} from '../scenario.ts';

export type EchoOnPort = {
	readonly sent: Uint8Array;
	/** What the guest writes when it listens, and after it has sent everything back. */
	readonly begin: string;
	readonly end: string;
	readonly deadline: Deadline;
	/** Aborted when the guest will not send any more. */
	readonly over: AbortSignal;
};

/**
 * Sends bytes to the guest and returns what came back between the two marks; less where the wait was over before the end.
 * All bytes go out at once: no kernel buffers less than 64 KiB for a port (TTYB_DEFAULT_MEM_LIMIT in tty_buffer.c).
 * @throws the deadline's reason unless it is its own, PortClosedError
 */
export const echoOnPort = async (port: MachinePort, options: EchoOnPort): Promise<Buffer> => {
	const {sent, begin, end, deadline, over} = options;
	await using tap = port.rawTap();
	using wait = new Deadline({
		phase: deadline.phase,
		budgetMs: deadline.remainingMs,
		signal: AbortSignal.any([deadline.signal, over]),
	});
	let bytes = Buffer.alloc(0);
	const take = async (count: number): Promise<void> => {
		bytes = Buffer.concat([bytes, await tap.take(Math.max(count, tap.held()), wait)]);
	};

	const until = async (mark: string): Promise<void> => {
		while (!bytes.includes(mark)) {
			await take(1);
		}
	};

	try {
		await until(begin);
		// Not awaited: where the guest takes nothing, the wait for the mark ends it, and a port that closes ends both.
		Promise.resolve(port.write(sent)).catch(() => undefined);
		await take(sent.length);
		await until(end);
	} catch (error) {
		if (!(error instanceof DeadlineError)) {
			throw error;
		}

		await take(0);
	}

	return between(bytes, begin, end);
};

const between = (bytes: Buffer, begin: string, end: string): Buffer => {
	const at = bytes.indexOf(begin);
	const to = bytes.indexOf(end);
	return at === -1 ? Buffer.alloc(0) : bytes.subarray(at + begin.length, to === -1 ? undefined : to);
};
