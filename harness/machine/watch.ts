import {type Timer, monotonicMs, startInterval} from '../core/clock.ts';
import {seconds} from '../core/deadline.ts';
import {GuestError} from '../core/errors.ts';
import {type BootPhase, type ConsoleProblem, type PortName, bootPhases} from '../core/events.ts';
import {failureOf, hintOf} from './failures.ts';

/** Silence on every port, and no request of disk or network, for this long (unscaled) is a hang. */
const silenceMs = 120_000;
const activityPollMs = 2000;

export type WatchOptions = {
	/** Multiplies the silence that is allowed. */
	readonly timeoutScale: number;
	/** How many of the guest's disk and network requests were served so far; a number that stays the same is silence. */
	readonly requests: () => Promise<number>;
	readonly onPhase: (phase: BootPhase, ms: number) => void;
	/** What a message about a dead guest ends with: the last line seen and where the log lies. */
	readonly lastSeen: () => string;
	/** Of a saved machine: the phases that it had behind it, somebody's root shell among them. Nobody is told of these. */
	readonly behind?: ReachedPhases | undefined;
};

/** In order, with the milliseconds from the first instruction. */
export type ReachedPhases = ReadonlyArray<{readonly name: BootPhase; readonly ms: number}>;

/**
 * Follows a guest from its first byte: which phase it has reached, and whether it still lives.
 * `dead` is aborted with the GuestError as soon as the evidence is there, so that no wait outlasts the guest.
 */
export class GuestWatch implements Disposable {
	readonly #options: WatchOptions;
	readonly #death = new AbortController();
	readonly #phases = new Map<BootPhase, number>();
	readonly #startedAt = monotonicMs();
	readonly #timer: Timer;
	/** By port: a kernel with two consoles starts on both of them at once. */
	readonly #kernelStarts = new Map<PortName, number>();
	#lastActivityAt = monotonicMs();
	#lastRequests = -1;
	#opened = false;

	constructor(options: WatchOptions) {
		this.#options = options;
		const {behind = []} = options;
		for (const {name, ms} of behind) {
			this.#phases.set(name, ms);
		}

		this.#opened = this.#phases.has('access');
		this.#timer = startInterval(activityPollMs, () => void this.#poll());
	}

	get dead(): AbortSignal {
		return this.#death.signal;
	}

	get phases(): ReachedPhases {
		return [...this.#phases].map(([name, ms]) => ({name, ms}));
	}

	/** Any byte on any port. */
	sawByte(): void {
		this.#lastActivityAt = monotonicMs();
	}

	/** A line told which phase the guest is in; earlier phases that nobody saw stay unknown. */
	sawPhase(phase: BootPhase, port: PortName = 'ttyS0'): void {
		if (phase === 'kernel') {
			this.#kernelStarts.set(port, (this.#kernelStarts.get(port) ?? 0) + 1);
			if (this.kernelStarts === 3 && !this.#opened) {
				this.#kill('boot-loop', 'The kernel started for the third time and nobody got in: the guest reboots for ever');
			}
		}

		const furthest = Math.max(-1, ...this.#phases.keys().map((reached) => bootPhases.indexOf(reached)));
		if (bootPhases.indexOf(phase) > furthest) {
			const ms = monotonicMs() - this.#startedAt;
			this.#phases.set(phase, ms);
			this.#opened ||= phase === 'access';
			this.#options.onPhase(phase, ms);
		}
	}

	/** The guest's kernel starts so far; more than one means it rebooted on its own. */
	get kernelStarts(): number {
		return Math.max(0, ...this.#kernelStarts.values());
	}

	sawProblem(problem: ConsoleProblem): void {
		if (problem.severity === 'fatal') {
			const {failure, words} = failureOf(problem);
			this.#kill(failure, `${words} on ${problem.port}: "${problem.line}"`);
		}
	}

	/** The guest switched its machine off. */
	sawPowerOff(): void {
		this.#kill('powered-off', 'The guest powered the machine off');
	}

	/** QEMU or the harness ended the machine; nothing after that is the guest's doing. */
	[Symbol.dispose](): void {
		this.#timer.cancel();
	}

	async #poll(): Promise<void> {
		const requests = await this.#options.requests().catch(() => this.#lastRequests);
		if (requests !== this.#lastRequests) {
			this.#lastRequests = requests;
			this.sawByte();
		}

		const quietMs = monotonicMs() - this.#lastActivityAt;
		if (!this.#opened && quietMs > silenceMs * this.#options.timeoutScale) {
			this.#kill('hang', `The guest hangs: no byte on any port and no disk or network request for ${seconds(quietMs)}`);
		}
	}

	#kill(failure: GuestError['failure'], what: string): void {
		if (!this.#death.signal.aborted) {
			const phase = this.#phases.keys().toArray().at(-1) ?? 'firmware';
			const after = seconds(monotonicMs() - this.#startedAt);
			const seen = this.#options.lastSeen();
			const message = `${what} (phase "${phase}", ${after} after the start).${seen === '' ? '' : ` ${seen}`}`;
			this.#death.abort(new GuestError(failure, message, {hint: hintOf(failure)}));
		}
	}
}
