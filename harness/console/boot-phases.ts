import {type BootPhase} from '../core/events.ts';
import {type Message} from './messages.ts';
import {firstKernelLine, handOver, phaseRules} from './rules/phases.ts';

export type PhaseListener = {
	readonly onPhase: (phase: BootPhase, line: string) => void;
	/** The guest starts anew. */
	readonly onRestart: () => void;
};

/**
 * Tells from the lines of one port how far the guest has come: each phase once each time it starts.
 *
 * Where the firmware speaks on the port, its first words begin a start, and a second "Linux version" after them is a
 * replayed log (dmesg, a second console driver). Where it does not, every "Linux version" is a start.
 */
export class BootPhases {
	readonly #listener: PhaseListener;
	readonly #told = new Set<BootPhase>();
	#firmwareSpeaks = false;
	#handOver: string | undefined;

	constructor(listener: PhaseListener) {
		this.#listener = listener;
	}

	/** No kernel line was seen in this start. */
	get awaitsKernel(): boolean {
		return !this.#told.has('kernel');
	}

	/** The firmware said that it hands over, and nothing else yet. */
	get undecided(): boolean {
		return this.#handOver !== undefined;
	}

	/** Nothing more was said after the hand-over: it worked. */
	settle(): void {
		if (this.#handOver !== undefined) {
			const line = this.#handOver;
			this.#handOver = undefined;
			this.#tell('bootloader', line);
		}
	}

	saw(messages: readonly Message[]): void {
		for (const message of messages) {
			this.#saw(message);
		}
	}

	#saw({text, shown, stamped}: Message): void {
		if (handOver.failed.pattern.test(text)) {
			this.#handOver = undefined;
			return;
		}

		this.settle();
		if (handOver.pattern.test(text)) {
			this.#handOver = shown;
			return;
		}

		const first = stamped && this.awaitsKernel && firstKernelLine.pattern.test(shown) ? 'kernel' : undefined;
		const phase = phaseRules.find(({pattern}) => pattern.test(text))?.phase ?? first;
		this.#firmwareSpeaks ||= phase === 'firmware';
		if (this.#begins(phase, text)) {
			this.#restart();
		}

		if (phase !== undefined) {
			this.#tell(phase, shown);
		}
	}

	/** Whether it is the first that is heard of another start. */
	#begins(phase: BootPhase | undefined, text: string): boolean {
		switch (phase) {
			case 'firmware': {
				// UEFI says one line of each entry that it loads, and one of each that it starts.
				return !text.startsWith('BdsDxe: ') || this.#told.size > 1;
			}

			case 'bootloader': {
				return !this.awaitsKernel;
			}

			case 'kernel': {
				return !this.awaitsKernel && !this.#firmwareSpeaks;
			}

			default: {
				return false;
			}
		}
	}

	#restart(): void {
		if (this.#told.size > 0) {
			this.#told.clear();
			this.#listener.onRestart();
		}
	}

	#tell(phase: BootPhase, line: string): void {
		if (!this.#told.has(phase)) {
			this.#told.add(phase);
			this.#listener.onPhase(phase, line);
		}
	}
}
