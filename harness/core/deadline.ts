import {type Timer, monotonicMs, startTimer} from './clock.ts';
import {DeadlineError} from './errors.ts';

/**
 * A point in time by which a named phase must be over, and the signal that says it is too late or no longer wanted.
 * Passed down instead of a number of milliseconds, so that a nested wait can never outlive the wait around it.
 */
export class Deadline implements Disposable {
	readonly phase: string;
	readonly budgetMs: number;
	/** Aborted with a DeadlineError when the time is over, or with the outer signal's reason. */
	readonly signal: AbortSignal;
	readonly #own = new AbortController();
	readonly #endsWith: Deadline | undefined;
	#startedAt = monotonicMs();
	#timer: Timer;

	/** @param options.budgetMs milliseconds from now; `Infinity` for none */
	constructor(options: {
		readonly phase: string;
		readonly budgetMs: number;
		readonly signal?: AbortSignal | undefined;
		/** One that ends at that time, and aborts `signal` then. */
		readonly endsWith?: Deadline | undefined;
	}) {
		this.phase = options.phase;
		this.budgetMs = options.budgetMs;
		this.#endsWith = options.endsWith;
		this.signal = options.signal === undefined ? this.#own.signal : AbortSignal.any([this.#own.signal, options.signal]);
		this.#timer = this.#startTimer();
	}

	/** A deadline inside this one, for a step with a name of its own. One that is not shorter ends when this one does, and for its reason. */
	within(phase: string, budgetMs: number): Deadline {
		const {remainingMs, signal} = this;
		return budgetMs < remainingMs
			? new Deadline({phase, budgetMs, signal})
			: new Deadline({phase, budgetMs: remainingMs, signal, endsWith: this});
	}

	get elapsedMs(): number {
		return monotonicMs() - this.#startedAt;
	}

	get remainingMs(): number {
		return this.#endsWith?.remainingMs ?? Math.max(0, this.budgetMs - this.elapsedMs);
	}

	/** Until that is disposed of, time does not count. It does for deadlines inside this one that are shorter. */
	pause(): Disposable {
		if (this.#endsWith !== undefined) {
			return this.#endsWith.pause();
		}

		const pausedAt = monotonicMs();
		this.#timer.cancel();
		return {
			[Symbol.dispose]: () => {
				this.#startedAt += monotonicMs() - pausedAt;
				this.#timer = this.#startTimer();
			},
		};
	}

	[Symbol.dispose](): void {
		this.#timer.cancel();
	}

	#startTimer(): Timer {
		return startTimer(this.#endsWith === undefined ? this.remainingMs : Infinity, () => {
			const message = `Phase "${this.phase}" was not over after ${seconds(this.budgetMs)}`;
			this.#own.abort(new DeadlineError(this.phase, message));
		});
	}
}

/** 1500 → "1.5 s": how messages and reports write a duration. */
export const seconds = (ms: number): string => `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
