import {type Deadline, seconds} from '../core/deadline.ts';
import {DeadlineError, HostError} from '../core/errors.ts';
import {type PortName} from '../core/events.ts';
import {type BytesListener} from './port.ts';
import {type ExpectResult, Expectation, type Pattern} from './expectation.ts';

/** What a wait needs of a port. */
export type Source = {
	readonly name: PortName;
	readonly logPath: string;
	readonly lastLine: string;
	readonly closing: AbortSignal;
	readonly since: (offset: number) => {readonly from: number; readonly bytes: Buffer};
	readonly onBytes: (listener: BytesListener) => Disposable;
	readonly flush: () => void;
};

type Wanted = {readonly patterns: readonly Pattern[]; readonly from: number; readonly what: string | undefined};

/** The port's other end is gone: QEMU ended, or closed it. */
export class PortClosedError extends HostError {
	constructor(port: Pick<Source, 'name' | 'lastLine' | 'logPath'>) {
		super(`${port.name} was closed. Last line: ${JSON.stringify(port.lastLine)}. Log: ${port.logPath}`);
	}
}

/**
 * Waits for patterns on a port, first in what is already there.
 * @throws DeadlineError, the signal's reason, or PortClosedError: each at once
 */
export const expectOn = async (port: Source, deadline: Deadline, wanted: Wanted): Promise<ExpectResult> => {
	deadline.signal.throwIfAborted();
	const {from, bytes} = port.since(wanted.from);
	const expectation = new Expectation(wanted.patterns, from);
	const already = expectation.feed(bytes);
	if (already !== undefined) {
		return already;
	}

	port.closing.throwIfAborted();
	const stop = AbortSignal.any([deadline.signal, port.closing]);
	const {promise, resolve, reject} = Promise.withResolvers<ExpectResult>();
	const onAbort = (): void => {
		port.flush();
		reject(reasonOf(stop, {port, deadline, what: wanted.what ?? describe(wanted.patterns)}));
	};
	stop.addEventListener('abort', onAbort, {once: true});
	using listening = port.onBytes((chunk) => {
		const result = expectation.feed(chunk);
		if (result !== undefined) {
			// At once: the chunks after this one belong to the next wait.
			listening[Symbol.dispose]();
			resolve(result);
		}
	});
	try {
		return await promise;
	} finally {
		stop.removeEventListener('abort', onAbort);
	}
};

type Context = {readonly port: Source; readonly deadline: Deadline; readonly what: string};

const reasonOf = (stop: AbortSignal, {port, deadline, what}: Context): Error => {
	const reason: unknown = stop.reason;
	if (!(reason instanceof DeadlineError)) {
		return reason instanceof Error ? reason : new HostError(`Wait for ${what} on ${port.name} was given up`);
	}

	const after = seconds(deadline.elapsedMs);
	return new DeadlineError(
		reason.phase,
		`No ${what} on ${port.name} after ${after} in phase "${reason.phase}". Last line: ${JSON.stringify(port.lastLine)}. Log: ${port.logPath}`,
		{cause: reason},
	);
};

const describe = (patterns: readonly Pattern[]): string =>
	patterns.map((pattern) => (typeof pattern === 'string' ? JSON.stringify(pattern) : String(pattern))).join(' or ');
