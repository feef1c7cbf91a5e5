import {type BootPhase, type RunEvent, bootPhases} from '../core/events.ts';
import {seconds} from '../core/deadline.ts';

/** What is known of a run besides its events. */
export type Surroundings = {
	/** When the phases of this boot are usually reached, ms from its start; asked once. */
	readonly usual: (started: RunEvent) => ReadonlyMap<BootPhase, number>;
	/** What the guest said last on its console, in printable ASCII. */
	readonly lastLine: (started: RunEvent & {readonly type: 'run-started'}) => string;
};

/** What goes on in a run: a fold of its events that can be asked at any time. */
export class Progress {
	readonly #surroundings: Surroundings;
	#started: (RunEvent & {readonly type: 'run-started'}) | undefined;
	#usual: ReadonlyMap<BootPhase, number> = new Map();
	#reached: BootPhase | undefined;
	/** Of what is waited for. */
	#since = 0;
	readonly #running = new Set<string>();
	readonly #done = new Set<string>();
	#away = false;

	constructor(surroundings: Surroundings) {
		this.#surroundings = surroundings;
	}

	/** Takes an event in. Events that change nothing are let pass. */
	follow(event: RunEvent): void {
		switch (event.type) {
			case 'run-started': {
				this.#started = event;
				this.#since = event.at;
				this.#usual = this.#surroundings.usual(event);
				return;
			}

			case 'phase-reached': {
				this.#reached = event.phase;
				this.#since = event.at;
				return;
			}

			case 'scenario-started': {
				this.#running.add(event.scenario);
				return;
			}

			case 'scenario-finished': {
				this.#running.delete(event.scenario);
				this.#done.add(event.scenario);
				return;
			}

			case 'handed-over':
			case 'run-finished': {
				this.#away = true;
				return;
			}

			case 'taken-back': {
				this.#away = false;
				return;
			}

			default:
		}
	}

	/** One line, without its end; empty where nothing is to be told. @param now ms since the epoch */
	text(now: number): string {
		const started = this.#started;
		if (started === undefined || this.#away) {
			return '';
		}

		if (this.#running.size > 0 || this.#done.size > 0) {
			const running = this.#running.size === 0 ? '' : `, running: ${[...this.#running].join(', ')}`;
			return `${this.#done.size} of ${started.scenarios.length} scenarios done${running}`;
		}

		const next = bootPhases[this.#reached === undefined ? 0 : bootPhases.indexOf(this.#reached) + 1];
		if (next === undefined) {
			return 'root shell open';
		}

		const usually = this.#usualStep(next);
		const elapsed = seconds(Math.max(0, now - this.#since));
		const line = this.#surroundings.lastLine(started);
		return [
			`waiting for ${words[next]}: ${elapsed}${usually === undefined ? '' : `, usually ${seconds(usually)}`}`,
			...(line === '' ? [] : [line]),
		].join(' | ');
	}

	#usualStep(next: BootPhase): number | undefined {
		const until = this.#usual.get(next);
		const from = this.#reached === undefined ? 0 : this.#usual.get(this.#reached);
		return until === undefined || from === undefined ? undefined : Math.max(0, until - from);
	}
}

const words: Readonly<Record<BootPhase, string>> = {
	firmware: 'the firmware',
	bootloader: 'the boot loader',
	kernel: 'the kernel',
	userspace: 'userspace',
	access: 'a root shell',
};
