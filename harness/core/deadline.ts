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
	readonly #startedAt = monotonicMs();
	readonly #timer: Timer;

	/** @param options.budgetMs milliseconds from now; `Infinity` for none */
	constructor(options: {
		readonly phase: string;
		readonly budgetMs: number;
		readonly signal?: AbortSignal | undefined;
		/** `signal` aborts at that time by itself. */
		readonly endsWithSignal?: boolean;
	}) {
		this.phase = options.phase;
		this.budgetMs = options.budgetMs;
		const own = new AbortController();
		this.signal = options.signal === undefined ? own.signal : AbortSignal.any([own.signal, options.signal]);
		this.#timer = startTimer(options.endsWithSignal === true ? Infinity : options.budgetMs, () => {
			own.abort(new DeadlineError(this.phase, `Phase "${this.phase}" was not over after ${seconds(this.budgetMs)}`));
		});
	}

	/** A deadline inside this one, for a step with a name of its own. One that is not shorter ends when this one does, and for its reason. */
	within(phase: string, budgetMs: number): Deadline {
		const {remainingMs, signal} = this;
		return budgetMs < remainingMs
			? new Deadline({phase, budgetMs, signal})
			: new Deadline({phase, budgetMs: remainingMs, signal, endsWithSignal: true});
	}

	get elapsedMs(): number {
		return monotonicMs() - this.#startedAt;
	}

	get remainingMs(): number {
		return Math.max(0, this.budgetMs - this.elapsedMs);
	}

	[Symbol.dispose](): void {
		this.#timer.cancel();
	}
}

/** 1500 → "1.5 s": how messages and reports write a duration. */
export const seconds = (ms: number): string => `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
