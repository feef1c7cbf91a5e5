import {type ConsolePort} from '../console/port.ts';
import {type Deadline} from '../core/deadline.ts';
import {lineOf} from './port-shell.ts';
import {expectFirst, expectOrQuiet, loginPrompt, shellPrompt} from './wait.ts';

/** What a port can show of a way in. `announced`: the shell of this run. */
export type SignKind = 'announced' | 'login' | 'prompt';
export type Sign = {readonly kind: SignKind; readonly port: ConsolePort};

/** How long nothing may follow what looks like a prompt on the kernel's console. */
const settleMs = 500;

const what = 'shell or login prompt';

/** Watches ports for signs of a way in; a sign is told once, until it is asked for again. */
export class Signs {
	#waits: ReadonlyArray<Sign & {readonly pattern: RegExp; readonly from: number; readonly what: string}>;

	constructor(
		ports: readonly ConsolePort[],
		options: {readonly announcement: string | undefined; readonly kinds: readonly SignKind[]},
	) {
		const {announcement, kinds} = options;
		const patterns = {
			announced: announcement === undefined ? undefined : lineOf(announcement),
			login: loginPrompt,
			prompt: shellPrompt,
		};
		this.#waits = ports.flatMap((port) =>
			kinds.flatMap((kind) => {
				const pattern = patterns[kind];
				return pattern === undefined ? [] : {kind, port, pattern, from: 0, what};
			}),
		);
	}

	/** @throws as ConsolePort.expect */
	async next(deadline: Deadline): Promise<Sign> {
		for (;;) {
			const {kind, port} = await expectFirst(this.#waits, deadline);
			this.#waits = this.#waits.filter((wait) => wait.kind !== kind || wait.port !== port);
			if (kind !== 'prompt' || (await this.#settled(port, deadline))) {
				return {kind, port};
			}

			this.promptAgain(port);
		}
	}

	/** What looked like a prompt was none: the next one on this port is news again. */
	promptAgain(port: ConsolePort): void {
		this.#waits = [...this.#waits, {kind: 'prompt', port, pattern: shellPrompt, from: port.received, what}];
	}

	/** The kernel and the init write to the console too: a prompt is what nothing follows. Elsewhere nobody else writes. */
	async #settled(port: ConsolePort, deadline: Deadline): Promise<boolean> {
		return (
			port.name !== 'ttyS0' ||
			(await expectOrQuiet(port, [/[^]/], {deadline, quietMs: settleMs, from: port.received})) === undefined
		);
	}
}
