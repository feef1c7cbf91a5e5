import type {Socket} from 'node:net';
import {abortable} from '../core/abortable.ts';
import {monotonicMs} from '../core/clock.ts';
import type {Deadline} from '../core/deadline.ts';
import {HarnessBug, HostError} from '../core/errors.ts';
import {openSocket} from './open-socket.ts';
import {QmpCalls} from './qmp-calls.ts';
import {QmpEvents} from './qmp-events.ts';
import type {QmpLog} from './qmp-log.ts';
import {lineSplitter, parseMessage} from './qmp-messages.ts';

/**
 * A QMP connection (docs/interop/qmp-spec.rst of QEMU). Calls carry an id each, so answers may come in any order.
 * When the connection ends, every pending and every later call is rejected with the reason the owner gave.
 */
export class QmpClient extends QmpEvents implements Disposable {
	readonly #socket: Socket;
	readonly #log: QmpLog | undefined;
	readonly #calls = new QmpCalls();
	readonly #lastWords: () => string | Promise<string>;
	readonly #greeted = Promise.withResolvers<undefined>();
	#end: Error | undefined;

	/**
	 * Connects and negotiates.
	 * @param options.lastWords asked when the connection ends on its own: what QEMU said last
	 * @throws HostError when nobody greets before the deadline or something else than QMP answers
	 */
	static async connect(options: ConnectOptions): Promise<QmpClient> {
		const client = new QmpClient(await openSocket(options.path, options.deadline), options);
		try {
			await abortable(client.#greeted.promise, options.deadline.signal);
			await client.execute('qmp_capabilities', undefined, options.deadline);
			return client;
		} catch (error) {
			client[Symbol.dispose]();
			throw error;
		}
	}

	private constructor(socket: Socket, {log, lastWords}: ConnectOptions) {
		super();
		this.#socket = socket;
		this.#log = log;
		this.#lastWords = lastWords ?? (() => '');
		this.#greeted.promise.catch(() => undefined);
		socket.on(
			'data',
			lineSplitter((line) => this.#receive(line)),
		);
		socket.on('error', () => undefined);
		socket.on('close', () => void this.#closed());
	}

	/**
	 * Runs one command.
	 * @returns its `return` member, unchecked
	 * @throws QmpError when QEMU refuses it; HostError with QEMU's last words when it dies first
	 */
	async execute(command: string, args?: Readonly<Record<string, unknown>>, deadline?: Deadline): Promise<unknown> {
		if (this.#end !== undefined) {
			throw this.#end;
		}

		const {id, answer} = this.#calls.open(command);
		const line = JSON.stringify({execute: command, ...(args !== undefined && {arguments: args}), id});
		this.#log?.line('>', line);
		this.#socket.write(`${line}\n`);
		return deadline === undefined ? answer : abortable(answer, deadline.signal);
	}

	/** Runs a line of the human monitor and returns what it prints, trimmed. It reports errors in that text. */
	async humanMonitor(line: string): Promise<string> {
		const text = await this.execute('human-monitor-command', {'command-line': line});
		if (typeof text !== 'string') {
			throw new HarnessBug(`human-monitor-command "${line}" returned ${JSON.stringify(text)}`);
		}

		return text.trim();
	}

	/** Ends the connection; pending calls are rejected. */
	[Symbol.dispose](): void {
		this.#fail(new HarnessBug('The QMP connection was closed by the harness'));
		this.#socket.destroy();
	}

	#receive(line: string): void {
		this.#log?.line('<', line);
		const message = parseMessage(line);
		switch (message.type) {
			case 'greeting': {
				this.#greeted.resolve(undefined);
				break;
			}

			case 'event': {
				this.deliver({name: message.name, data: message.data, at: monotonicMs()});
				break;
			}

			case 'garbage': {
				this.#fail(new HostError(`QEMU sent a line that is not QMP: ${message.text}`));
				this.#socket.destroy();
				break;
			}

			case 'return':
			case 'error': {
				this.#calls.settle(message);
				break;
			}

			default: {
				message satisfies never;
			}
		}
	}

	async #closed(): Promise<void> {
		const said = await this.#lastWords();
		this.#fail(
			new HostError(`QEMU closed its monitor${said === '' ? ' without a word' : `. Its last words: ${said}`}`),
		);
	}

	#fail(reason: Error): void {
		this.#end ??= reason;
		this.#greeted.reject(this.#end);
		this.#calls.endAll(this.#end);
		this.endWaits(this.#end);
	}
}

export type ConnectOptions = {
	readonly path: string;
	readonly deadline: Deadline;
	readonly log?: QmpLog | undefined;
	readonly lastWords?: (() => string | Promise<string>) | undefined;
};
