import {createWriteStream} from 'node:fs';
import path from 'node:path';
import {createInterface} from 'node:readline';
import {execa} from 'execa';
import {abortable} from '../../core/abortable.ts';
import {startTimer} from '../../core/clock.ts';
import type {Deadline} from '../../core/deadline.ts';
import {HostError} from '../../core/errors.ts';
import {HelperAnswers, type Stopped, readyId} from './helper-answers.ts';

export type Command = Readonly<Record<string, unknown>> & {readonly do: string};

export type FrameHelper = AsyncDisposable & {
	/** Sends a command that has one answer. */
	readonly ask: (command: Command, deadline: Deadline) => Promise<void>;
	/** Sends a command that goes on until it is stopped. */
	readonly start: (
		command: Command,
		deadline: Deadline,
	) => Promise<AsyncDisposable & {readonly stop: (deadline: Deadline) => Promise<Stopped>}>;
};

/**
 * Starts `frames.py` and waits until it has found the interface.
 * @throws HostError with the helper's last words when it ends, which every later call throws as well
 */
export const startHelper = async ({enter, interface: name, signal, logPath}: StartHelper): Promise<FrameHelper> => {
	signal.throwIfAborted();
	const log = logPath === undefined ? undefined : createWriteStream(logPath, {flags: 'a'});
	const [file, ...args] = [...enter, '/usr/bin/python3', '-I', script, name];
	const child = execa(file, args, {...spawnOptions, cancelSignal: signal});
	let words = '';
	child.stderr.on('data', (chunk: Buffer) => {
		words = `${words}${chunk.toString('utf8')}`.slice(-4096);
	});
	// A helper that is gone takes no more commands; why it went is what `gone` says.
	child.stdin.on('error', () => undefined);

	const answers = new HelperAnswers();
	createInterface({input: child.stdout}).on('line', (line) => {
		log?.write(`< ${line}\n`);
		answers.take(line);
	});
	const ended = async (): Promise<void> => {
		const {exitCode, signal: killedBy, originalMessage = ''} = await child;
		const how = killedBy === undefined ? `exit code ${exitCode ?? 'unknown'}` : `killed by ${killedBy}`;
		const said = words.trim() === '' ? originalMessage : words.trim();
		const tail = said === '' ? '' : `: ${said.split('\n').at(-1) ?? ''}`;
		answers.fail(new HostError(`The frame helper on ${name} ended (${how}${tail})`));
		log?.end();
	};

	const gone = ended();
	let lastId = 0;
	const send = (command: Command, id = (lastId += 1)): number => {
		const line = JSON.stringify({id, ...command});
		log?.write(`> ${line.length > 300 ? `${line.slice(0, 300)}…` : line}\n`);
		child.stdin.write(`${line}\n`);
		return id;
	};
	const ask = async (command: Command, deadline: Deadline): Promise<number> => {
		const id = send(command);
		const answer = await abortable(answers.of(id), deadline.signal);
		if (answer.event === 'failed') {
			throw new HostError(`The frame helper on ${name} cannot ${command.do}: ${answer.message}`);
		}

		return id;
	};

	try {
		await abortable(answers.of(readyId), signal);
	} catch (error) {
		child.kill('SIGKILL');
		await gone;
		throw error;
	}

	return {
		ask: async (command, deadline) => {
			await ask(command, deadline);
		},
		start: async (command, deadline) => {
			const id = await ask(command, deadline);
			const stop = async (): Promise<Stopped> => {
				send({do: 'stop'}, id);
				return answers.end(id);
			};

			return {
				stop: async (until) => {
					const stopped = await abortable(stop(), until.signal);
					if (stopped.error !== null) {
						throw new HostError(`The ${command.do} on ${name} broke off: ${stopped.error}`);
					}

					return stopped;
				},
				[Symbol.asyncDispose]: async () => {
					await stop().catch(() => undefined);
				},
			};
		},
		[Symbol.asyncDispose]: async () => {
			const timer = startTimer(patienceMs, () => child.kill('SIGKILL'));
			child.stdin.end();
			await gone;
			timer.cancel();
		},
	};
};

type StartHelper = {
	readonly enter: readonly string[];
	readonly interface: string;
	readonly signal: AbortSignal;
	readonly logPath?: string | undefined;
};

const script = path.join(import.meta.dirname, 'frames.py');

const spawnOptions = {stdin: 'pipe', stdout: 'pipe', stderr: 'pipe', buffer: false, reject: false} as const;

/** How long a helper may take to end by itself. */
const patienceMs = 1000;
