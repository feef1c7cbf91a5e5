import {type Deadline, seconds} from '../core/deadline.ts';
import {DeadlineError, HostError} from '../core/errors.ts';
import {type Source} from './expect.ts';

/** What a tap holds at most; a test that lets more pile up has lost its way. */
const maxHeld = 64 * 1024 * 1024;

export type RawTap = AsyncDisposable & {
	/**
	 * The next `count` bytes, exactly as they came.
	 * @throws DeadlineError saying how many came, the signal's reason, or PortClosedError
	 */
	readonly take: (count: number, deadline: Deadline) => Promise<Buffer>;
	/** Bytes that came and were not taken yet. */
	readonly held: () => number;
};

/** Collects a port's exact bytes from now on. */
export const openRawTap = (port: Source): RawTap => {
	const chunks: Buffer[] = [];
	let held = 0;
	let wake: (() => void) | undefined;
	const listening = port.onBytes((chunk) => {
		if (held < maxHeld) {
			chunks.push(Buffer.from(chunk));
			held += chunk.length;
		}

		wake?.();
	});

	const take = async (count: number, deadline: Deadline): Promise<Buffer> => {
		await using stack = new AsyncDisposableStack();
		const {promise, resolve, reject} = Promise.withResolvers<undefined>();
		const stop = AbortSignal.any([deadline.signal, port.closing]);
		const onAbort = (): void => reject(shortfall(port, deadline, {stop, count, held}));
		const check = (): void => {
			if (held >= count) {
				resolve(undefined);
			}
		};
		stop.addEventListener('abort', onAbort, {once: true});
		stack.defer(() => stop.removeEventListener('abort', onAbort));
		wake = check;
		stack.defer(() => {
			wake = undefined;
		});
		check();
		if (stop.aborted) {
			onAbort();
		}

		await promise;
		const all = Buffer.concat(chunks);
		chunks.splice(0, chunks.length, all.subarray(count));
		held -= count;
		return all.subarray(0, count);
	};

	return {
		take,
		held: () => held,
		[Symbol.asyncDispose]: () => {
			listening[Symbol.dispose]();
			return Promise.resolve();
		},
	};
};

type Missing = {readonly stop: AbortSignal; readonly count: number; readonly held: number};

const shortfall = (port: Source, deadline: Deadline, {stop, count, held}: Missing): Error => {
	const reason: unknown = stop.reason;
	if (reason instanceof DeadlineError) {
		return new DeadlineError(
			reason.phase,
			`${held} of ${count} bytes on ${port.name} after ${seconds(deadline.elapsedMs)} in phase "${reason.phase}". Log: ${port.logPath}`,
			{cause: reason},
		);
	}

	return reason instanceof Error ? reason : new HostError(`Reading ${port.name} was given up`);
};
