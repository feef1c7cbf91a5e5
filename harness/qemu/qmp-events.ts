import {abortable} from '../core/abortable.ts';
import type {Deadline} from '../core/deadline.ts';

export type QmpEvent = {
	readonly name: string;
	readonly data: Readonly<Record<string, unknown>>;
	/** Monotonic milliseconds at its arrival. */
	readonly at: number;
};

type Listener = (event: QmpEvent) => void;
type Waiter = {
	readonly matches: (event: QmpEvent) => boolean;
	readonly resolve: (event: QmpEvent) => void;
	readonly reject: (reason: Error) => void;
};

/** More than a run ever sees; a guest that raises events for ever must not fill the harness's memory. */
const kept = 1000;

/** The events of a QMP connection: kept until somebody waits for them, so that none is missed between two waits. */
export class QmpEvents {
	#buffer: QmpEvent[] = [];
	readonly #listeners = new Map<string, Set<Listener>>();
	readonly #waiters = new Set<Waiter>();
	#end: Error | undefined;

	/** Calls `listener` on each later event of that name (`*`: of any) until disposed of. */
	on(name: string, listener: Listener): Disposable {
		const listeners = this.#listeners.get(name) ?? new Set();
		this.#listeners.set(name, listeners.add(listener));
		return {[Symbol.dispose]: () => void listeners.delete(listener)};
	}

	/**
	 * Takes the oldest event of that name that nobody has taken yet, or waits for the next one.
	 * @param predicate takes only events it says yes to; `event.at` tells old from new
	 * @throws the deadline's error, or why the connection ended
	 */
	async waitFor(
		name: string,
		deadline: Deadline,
		predicate: (event: QmpEvent) => boolean = () => true,
	): Promise<QmpEvent> {
		const matches = (event: QmpEvent): boolean => event.name === name && predicate(event);
		const found = this.#buffer.find(matches);
		if (found !== undefined) {
			this.#buffer = this.#buffer.filter((event) => event !== found);
			return found;
		}

		if (this.#end !== undefined) {
			throw this.#end;
		}

		const {promise, resolve, reject} = Promise.withResolvers<QmpEvent>();
		const waiter = {matches, resolve, reject};
		this.#waiters.add(waiter);
		try {
			return await abortable(promise, deadline.signal);
		} finally {
			this.#waiters.delete(waiter);
		}
	}

	protected deliver(event: QmpEvent): void {
		for (const listener of [...(this.#listeners.get(event.name) ?? []), ...(this.#listeners.get('*') ?? [])]) {
			listener(event);
		}

		const waiter = [...this.#waiters].find(({matches}) => matches(event));
		if (waiter === undefined) {
			this.#buffer = [...this.#buffer.slice(-kept + 1), event];
		} else {
			this.#waiters.delete(waiter);
			waiter.resolve(event);
		}
	}

	protected endWaits(reason: Error): void {
		this.#end ??= reason;
		for (const {reject} of this.#waiters) {
			reject(reason);
		}

		this.#waiters.clear();
	}
}
