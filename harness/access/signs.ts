import {type ConsolePort} from '../console/port.ts';
import {type Deadline} from '../core/deadline.ts';
import {type AccessMethod} from '../core/events.ts';
import {lineOf} from './port-shell.ts';
import {expectFirst, expectOrQuiet, loginPrompt, shellPrompt} from './wait.ts';

/** What a port can show of a way in. `announced`: the shell of this run. */
export type SignKind = 'announced' | 'login' | 'prompt';
export type Sign = {
	readonly kind: SignKind;
	readonly port: ConsolePort;
	/** Of an announced shell: who started it. */
	readonly by: AccessMethod | undefined;
};

/** A shell that was arranged for before the boot, and the line that it will say. */
export type AnnouncedShell = {readonly method: AccessMethod; readonly announcement: string};

/** How long nothing may follow what looks like a prompt on the kernel's console. */
const settleMs = 500;

/** As much of a port's last bytes as a prompt may take. */
const promptBytes = 256;

const what = 'shell or login prompt';

/** Watches ports for signs of a way in; a sign is told once, until it is asked for again. */
export class Signs {
	#waits: ReadonlyArray<Sign & {readonly pattern: RegExp; readonly from: number; readonly what: string}>;

	constructor(
		ports: readonly ConsolePort[],
		options: {readonly announced: readonly AnnouncedShell[]; readonly prompts: boolean},
	) {
		const begin = {from: 0, what};
		this.#waits = ports.flatMap((port) => [
			...options.announced.map(
				({method, announcement}) =>
					({kind: 'announced', port, by: method, pattern: lineOf(announcement), ...begin}) as const,
			),
			{kind: 'login', port, by: undefined, pattern: loginPrompt, ...begin} as const,
			...(options.prompts ? [{kind: 'prompt', port, by: undefined, pattern: shellPrompt, ...begin} as const] : []),
		]);
	}

	/** @throws as ConsolePort.expect */
	async next(deadline: Deadline): Promise<Sign> {
		for (;;) {
			const seen = await expectFirst(this.#waits, deadline);
			const {kind, port, by} = seen;
			this.#waits = this.#waits.filter((wait) => wait !== seen);
			if (kind !== 'prompt' || (await this.#settled(port, deadline))) {
				return (kind === 'prompt' && port.name === 'ttyS0' ? this.#promptBeside(port) : undefined) ?? {kind, port, by};
			}

			this.promptAgain(port);
		}
	}

	/** While the console was looked at, a shell may have come up on a port where nobody else writes: better that one. */
	#promptBeside(port: ConsolePort): Sign | undefined {
		const better = this.#waits.find(
			(wait) =>
				wait.kind === 'prompt' &&
				wait.port !== port &&
				shellPrompt.test(wait.port.since(wait.port.received - promptBytes).bytes.toString('latin1')),
		);
		this.#waits = this.#waits.filter((wait) => wait !== better);
		return better && {kind: 'prompt', port: better.port, by: undefined};
	}

	/** What looked like a prompt was none: the next one on this port is news again. */
	promptAgain(port: ConsolePort): void {
		const wait = {kind: 'prompt', port, by: undefined, pattern: shellPrompt, from: port.received, what} as const;
		this.#waits = [...this.#waits, wait];
	}

	/** The kernel and the init write to the console too: a prompt is what nothing follows. Elsewhere nobody else writes. */
	async #settled(port: ConsolePort, deadline: Deadline): Promise<boolean> {
		return (
			port.name !== 'ttyS0' ||
			(await expectOrQuiet(port, [/[^]/], {deadline, quietMs: settleMs, from: port.received})) === undefined
		);
	}
}
