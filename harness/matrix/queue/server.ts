import {Redis} from 'ioredis';
import {abortable} from '../../core/abortable.ts';
import {type Timer, startTimer} from '../../core/clock.ts';
import {Deadline, seconds} from '../../core/deadline.ts';
import {HostError, UsageError, messageOf} from '../../core/errors.ts';
import {type QueueAddress} from './address.ts';

/** A Valkey or Redis server that holds the queue. Commands wait while it is away. */
export type QueueServer = Disposable & {
	readonly redis: Redis;
	/** As people may see it: without a password. */
	readonly shown: string;
	/** Aborted with the outer signal's reason, or with a HostError once the server was away for too long. */
	readonly signal: AbortSignal;
	/** One more connection, for commands that block. It ends with the server. */
	readonly another: () => Redis;
	/** What a promise of this server comes to. @throws the reason of its signal; HostError for what the server refuses */
	readonly ask: <T>(answer: Promise<T>) => Promise<T>;
	/** The same where the signal is aborted: it waits a little, as the server may be what is gone. @throws DeadlineError */
	readonly askAtLast: <T>(answer: Promise<T>) => Promise<T>;
};

type Options = {
	/** So long a server that went away is waited for. */
	readonly patienceMs: number;
	readonly onNote: (line: string) => void;
	readonly signal: AbortSignal;
};

const connectMs = 5000;
const lastMs = 2000;
/** BLMOVE came with it. */
const oldestRedis = [6, 2] as const;

/**
 * Connects to the server of a queue.
 * @throws UsageError where it refuses the password; HostError where it cannot be reached, or is too old
 */
export const openQueueServer = async (
	{url, shown}: QueueAddress,
	{patienceMs, onNote, signal}: Options,
): Promise<QueueServer> => {
	const lost = new AbortController();
	const both = AbortSignal.any([signal, lost.signal]);
	let open = false;
	let last: Error | undefined;
	let away: Timer | undefined;
	const redis = new Redis(url, {
		lazyConnect: true,
		connectTimeout: connectMs,
		maxRetriesPerRequest: null,
		// The first time nobody waits: a wrong address is told at once.
		retryStrategy: (times) => (open ? backOff(times) : null),
	});
	redis.on('error', (error: Error) => {
		last = error;
	});
	redis.on('close', () => {
		if (open && away === undefined && !both.aborted) {
			onNote(`${shown} went away; what is finished is kept, and it is waited for ${seconds(patienceMs)}`);
			away = startTimer(patienceMs, () => lost.abort(goneError(shown, {patienceMs, last})));
		}
	});
	redis.on('ready', () => {
		if (away !== undefined) {
			away.cancel();
			away = undefined;
			onNote(`${shown} is back`);
		}
	});
	const connections = [redis];
	const server: QueueServer = {
		redis,
		shown,
		signal: both,
		another() {
			const connection = new Redis(url, {maxRetriesPerRequest: null, retryStrategy: backOff});
			// Told by the first one.
			connection.on('error', () => undefined);
			connections.push(connection);
			return connection;
		},
		async ask(answer) {
			try {
				return await abortable(answer, both);
			} catch (error) {
				both.throwIfAborted();
				throw refusedError(shown, error);
			}
		},
		async askAtLast(answer) {
			using deadline = new Deadline({phase: 'the end', budgetMs: lastMs});
			return await abortable(answer, deadline.signal);
		},
		[Symbol.dispose]() {
			open = false;
			away?.cancel();
			for (const connection of connections) {
				connection.disconnect();
			}
		},
	};
	try {
		await abortable(redis.connect(), both);
		checkVersion(await server.ask(redis.info('server')), shown);
		const policy = /^maxmemory_policy:(\S+)/mv.exec(await server.ask(redis.info('memory')))?.[1];
		if (policy !== undefined && policy !== 'noeviction') {
			onNote(
				`${shown} may drop cells when its memory is full: its maxmemory-policy is ${policy}, and should be noeviction`,
			);
		}
	} catch (error) {
		redis.disconnect();
		both.throwIfAborted();
		throw error instanceof HostError ? error : unreachableError(shown, last ?? error);
	}

	open = true;
	return server;
};

const backOff = (times: number): number => Math.min(times * 100, 1000);

const checkVersion = (info: string, shown: string): void => {
	const [, major = '0', minor = '0'] = /^redis_version:(\d+)\.(\d+)/mv.exec(info) ?? [];
	if (Number(major) < oldestRedis[0] || (Number(major) === oldestRedis[0] && Number(minor) < oldestRedis[1])) {
		throw new HostError(`${shown} is Redis ${major}.${minor}; ${oldestRedis.join('.')} is the oldest that will do`, {
			hint: 'Debian 12 has redis-server 7, and valkey-server in its backports.',
		});
	}
};

const goneError = (
	shown: string,
	{patienceMs, last}: {readonly patienceMs: number; readonly last: Error | undefined},
): HostError =>
	new HostError(
		`The queue ${shown} was away for ${seconds(patienceMs)}${last === undefined ? '' : `: ${reasonOf(last)}`}`,
		{hint: 'What was finished is kept. Start the server, and give the same command again.', cause: last},
	);

const refusedError = (shown: string, error: unknown): unknown =>
	error instanceof Error && error.name === 'ReplyError'
		? new HostError(`The queue ${shown} refuses: ${error.message}`, {cause: error})
		: error;

const unreachableError = (shown: string, error: unknown): Error => {
	const reason = reasonOf(error);
	if (/\b(?:NOAUTH|WRONGPASS|ERR AUTH)\b/v.test(reason)) {
		return new UsageError(`The queue ${shown} refuses the password: ${reason}`, {
			hint: 'It stands in the address (redis://USER:PASSWORD@HOST), or in BOOTWRIGHT_QUEUE_PASSWORD.',
		});
	}

	const hint = /\bcertificate\b/v.test(reason)
		? 'An authority of your own is given by NODE_EXTRA_CA_CERTS=ca.pem; docs/queue.md says more.'
		: 'Start its server, such as redis-server or valkey-server; docs/queue.md says how.';
	return new HostError(`Cannot reach the queue ${shown}: ${reason}`, {hint, cause: error});
};

/** An AggregateError, of a name with several addresses, has an empty message. */
const reasonOf = (error: unknown): string =>
	error instanceof AggregateError ? error.errors.map(messageOf).join('; ') : messageOf(error);
