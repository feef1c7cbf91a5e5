import {monotonicMs} from '../core/clock.ts';
import {Deadline, seconds} from '../core/deadline.ts';
import {DeadlineError} from '../core/errors.ts';
import {type ConsolePort} from './port.ts';
import {type Nonces, type ShellAbilities, quitLine} from './shell-helper.ts';
import {openHelper} from './shell-open.ts';
import {type ShellRequest} from './shell-request.ts';
import {type SessionParts, ShellSession} from './shell-session.ts';
import {ShellWire} from './shell-wire.ts';

export type RunOptions = {
	/** Default: 60 s (or what the shell was opened with). */
	readonly deadline?: Deadline | undefined;
	/** Standard input of the command; without it, empty. */
	readonly stdin?: Uint8Array | undefined;
	/** Bytes of stdout, and of stderr, to bring over at most. Default: all. */
	readonly maxBytes?: number | undefined;
};

export type ShellResult = {
	/** Exactly what the command wrote. */
	readonly stdout: Buffer;
	/** stdout as UTF-8, without white space at its ends. */
	readonly text: string;
	readonly stderr: string;
	/** As `$?` shows it: 128 + n for a command that signal n ended. */
	readonly status: number;
	/** On the host, from the first byte sent to the last one received. */
	readonly durationMs: number;
	/** There was more than `maxBytes`. */
	readonly truncated: boolean;
};

export type ShellOptions = {
	/** After this silence the shell is asked how things stand. Default: 1 s. */
	readonly nudgeMs?: number;
	/** For commands that bring no deadline of their own. Default: 60 s. */
	readonly budgetMs?: number;
};

/** A shell between two commands. */
export type SavedShell = {
	readonly nonces: Nonces;
	readonly abilities: ShellAbilities;
	/** Of the last request. */
	readonly seq: number;
};

/**
 * A root shell on a serial port: commands in; exact bytes and exit status out. One command at a time, in the order of the
 * calls; each in a subshell of its own (`cd` and variables do not outlive it), in the C locale, as a background job
 * (SIGINT and SIGQUIT are ignored in it, as POSIX has it for `&`).
 */
export class RootShell implements AsyncDisposable {
	readonly #port: ConsolePort;
	readonly #parts: SessionParts;
	readonly #session: ShellSession;
	readonly #budgetMs: number;
	#queue: Promise<unknown> = Promise.resolve();

	/**
	 * Makes contact with the shell that reads a port: busybox ash, dash or bash, at its prompt or reading commands.
	 * @throws DeadlineError when nothing answers; GuestError when it lacks what is needed; the signal's reason; PortClosedError
	 */
	static async open(port: ConsolePort, deadline: Deadline, options: ShellOptions = {}): Promise<RootShell> {
		const helper = await openHelper(port, deadline);
		return new RootShell({port, ...helper, nudgeMs: options.nudgeMs ?? 1000}, options.budgetMs ?? 60_000);
	}

	/** Takes up a shell of a saved machine: its helper reads the same port in every copy. Nothing is sent. */
	static resume(port: ConsolePort, {nonces, abilities, seq}: SavedShell, options: ShellOptions = {}): RootShell {
		const wire = new ShellWire(port, nonces.output);
		const parts = {port, wire, nonces, abilities, nudgeMs: options.nudgeMs ?? 1000};
		return new RootShell(parts, options.budgetMs ?? 60_000, seq);
	}

	private constructor(parts: SessionParts, budgetMs: number, seq = 0) {
		this.#port = parts.port;
		this.#parts = parts;
		this.#session = new ShellSession(parts, seq);
		this.#budgetMs = budgetMs;
	}

	/**
	 * Runs a script and brings back what it wrote. A status other than 0 is a result, not an error.
	 * @throws DeadlineError (the command is then killed with all it started), the signal's reason, PortClosedError;
	 * GuestError `shell-lost` when the shell does not answer any more
	 */
	async run(command: string, options: RunOptions = {}): Promise<ShellResult> {
		const before = this.#queue;
		const {promise, resolve} = Promise.withResolvers<undefined>();
		this.#queue = promise;
		await before;
		using own = new Deadline({phase: 'shell', budgetMs: options.deadline === undefined ? this.#budgetMs : Infinity});
		try {
			return await this.#run({command, stdin: options.stdin, maxBytes: options.maxBytes}, options.deadline ?? own);
		} finally {
			resolve(undefined);
		}
	}

	/** What `resume` needs, once the commands given so far are over. */
	async saved(): Promise<SavedShell> {
		await this.#queue;
		const {nonces, abilities} = this.#parts;
		return {nonces, abilities, seq: this.#session.seq};
	}

	/** Ends the helper, with what it still runs: the port is at the shell's own prompt again. */
	async [Symbol.asyncDispose](): Promise<void> {
		await this.#queue;
		this.#parts.wire[Symbol.dispose]();
		if (!this.#port.closing.aborted) {
			await this.#port.write(`\n${quitLine}\n`);
		}
	}

	async #run(request: ShellRequest, deadline: Deadline): Promise<ShellResult> {
		const startedAt = monotonicMs();
		try {
			deadline.signal.throwIfAborted();
			const {status, stdout, stderr} = await this.#session.exchange(request, deadline);
			const {maxBytes = Infinity} = request;
			return {
				stdout: stdout.subarray(0, maxBytes),
				text: stdout.subarray(0, maxBytes).toString('utf8').trim(),
				stderr: stderr.subarray(0, maxBytes).toString('utf8'),
				status,
				durationMs: monotonicMs() - startedAt,
				truncated: stdout.length > maxBytes || stderr.length > maxBytes,
			};
		} catch (error) {
			await this.#session.abandon();
			if (!(error instanceof DeadlineError)) {
				throw error;
			}

			const command = JSON.stringify(
				request.command.length > 80 ? `${request.command.slice(0, 79)}…` : request.command,
			);
			throw new DeadlineError(
				error.phase,
				`Command ${command} on ${this.#port.name} was not over after ${seconds(monotonicMs() - startedAt)} in phase "${error.phase}". Log: ${this.#port.logPath}`,
				{cause: error},
			);
		}
	}
}
