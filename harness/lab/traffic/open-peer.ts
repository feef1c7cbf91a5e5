import path from 'node:path';
import {createInterface} from 'node:readline';
import {execa} from 'execa';
import {z} from 'zod';
import {abortable} from '../../core/abortable.ts';
import {type Deadline} from '../../core/deadline.ts';
import {HostError} from '../../core/errors.ts';

/** Bytes and their SHA-256, in hex. */
export type Digested = {readonly bytes: number; readonly sha256: string};

/** The host's end of TCP connections from the guest. */
export type TrafficPeer = AsyncDisposable & {
	/**
	 * TCP ports: `sink` throws away what comes, `source` sends without end, `take` digests what comes, `keep` brings it here (16 MiB at
	 * most), `give` sends `data`.
	 */
	readonly ports: Readonly<Record<'sink' | 'source' | 'take' | 'keep' | 'give', number>>;
	/** A port that throws away what comes by IPv6, at the tap's link-local address; null where the lab has no IPv6. */
	readonly ipv6: {readonly address: string; readonly sink: number} | null;
	/** What `give` sends: random bytes, the same for as long as the peer runs. */
	readonly data: Digested;
	/** The next stream that `take` took to its end. */
	readonly taken: (deadline: Deadline) => Promise<Digested>;
	/** The bytes of the next stream that `keep` took to its end. */
	readonly kept: (deadline: Deadline) => Promise<Buffer>;
	/** What the host's side of the tap may hand over as one frame, or leave unfinished. @throws HostError */
	readonly setOffloads: (settings: TapOffloads, deadline: Deadline) => Promise<void>;
};

export type TapOffloads = Readonly<Partial<Record<'tx' | 'sg' | 'tso' | 'gso', boolean>>>;

type OpenPeer = {
	/** Stands before a command line to run it inside the lab. */
	readonly enter: readonly string[];
	/** Of the lab, where the ports are. */
	readonly address: string;
	/** The tap. */
	readonly interface: string;
	readonly dataBytes: number;
	readonly signal: AbortSignal;
};

const message = z.discriminatedUnion('event', [
	z.object({
		event: z.literal('ready'),
		ports: z.object({sink: z.number(), source: z.number(), take: z.number(), keep: z.number(), give: z.number()}),
		ipv6: z.object({address: z.string(), sink: z.number()}).nullable(),
		bytes: z.number(),
		sha256: z.string(),
	}),
	z.object({event: z.literal('taken'), bytes: z.number(), sha256: z.string()}),
	z.object({event: z.literal('kept'), data: z.string()}),
	z.object({event: z.literal('set'), error: z.string().nullable()}),
]);
type Message = z.infer<typeof message>;

/**
 * Starts the peer (`peer.py`) inside the lab. It ends with its handle, with the harness, or when `signal` is aborted.
 * @throws HostError with its last words when it ends by itself, which every later call throws as well
 */
export const openPeer = async ({enter, address, interface: tap, dataBytes, signal}: OpenPeer): Promise<TrafficPeer> => {
	signal.throwIfAborted();
	const [file, ...args] = [...enter, 'setpriv', '--pdeathsig', 'KILL', '--', '/usr/bin/python3', '-I', script] as const;
	const child = execa(file, [...args, address, String(dataBytes), tap], {...spawnOptions, cancelSignal: signal});
	let words = '';
	child.stderr.on('data', (chunk: Buffer) => {
		words = `${words}${chunk.toString('utf8')}`.slice(-4096);
	});
	child.stdin.on('error', () => undefined);
	const inbox = new Inbox();
	createInterface({input: child.stdout}).on('line', (line) => {
		try {
			inbox.put(message.parse(JSON.parse(line)));
		} catch {
			// The line of a helper that is killed may be broken off.
			words = `it said ${line.slice(0, 200)}`;
			child.kill('SIGKILL');
		}
	});
	const gone = child.then(({exitCode, signal: how, originalMessage = ''}) => {
		const said = words.trim().split('\n').at(-1) ?? '';
		const why =
			exitCode === undefined && how === undefined ? [originalMessage] : [how ?? `status ${exitCode ?? ''}`, said];
		inbox.fail(new HostError(`The traffic helper in the lab ended: ${why.filter((word) => word !== '').join(', ')}`));
	});
	const ready = await abortable(inbox.next('ready'), signal).catch(async (error: unknown) => {
		child.kill('SIGKILL');
		await gone;
		throw error;
	});
	return {
		ports: ready.ports,
		ipv6: ready.ipv6,
		data: {bytes: ready.bytes, sha256: ready.sha256},
		taken: async (deadline) => {
			const {bytes, sha256} = await abortable(inbox.next('taken'), deadline.signal);
			return {bytes, sha256};
		},
		kept: async (deadline) => Buffer.from((await abortable(inbox.next('kept'), deadline.signal)).data, 'base64'),
		async setOffloads(settings, deadline) {
			child.stdin.write(`${JSON.stringify({interface: tap, settings})}\n`);
			const {error} = await abortable(inbox.next('set'), deadline.signal);
			if (error !== null) {
				throw new HostError(`The offloads of the tap cannot be set: ${error}`);
			}
		},
		async [Symbol.asyncDispose]() {
			child.stdin.destroy();
			child.kill('SIGKILL');
			await gone;
		},
	};
};

const script = path.join(import.meta.dirname, 'peer.py');
const spawnOptions = {stdin: 'pipe', stdout: 'pipe', stderr: 'pipe', buffer: false, reject: false} as const;

/** Messages in the order in which they came, for whoever waits for one of a kind, now or later. */
class Inbox {
	readonly #held: Message[] = [];
	readonly #waiting: Array<{readonly event: string; readonly resolvers: PromiseWithResolvers<Message>}> = [];
	#failure: Error | undefined;

	put(news: Message): void {
		const index = this.#waiting.findIndex(({event}) => event === news.event);
		const [waiter] = index === -1 ? [] : this.#waiting.splice(index, 1);
		if (waiter === undefined) {
			this.#held.push(news);
		} else {
			waiter.resolvers.resolve(news);
		}
	}

	async next<Event extends Message['event']>(event: Event): Promise<Extract<Message, {event: Event}>> {
		const index = this.#held.findIndex((held) => held.event === event);
		const [held] = index === -1 ? [] : this.#held.splice(index, 1);
		if (held !== undefined) {
			return held as Extract<Message, {event: Event}>;
		}

		if (this.#failure !== undefined) {
			throw this.#failure;
		}

		const resolvers = Promise.withResolvers<Message>();
		resolvers.promise.catch(() => undefined);
		this.#waiting.push({event, resolvers});
		return (await resolvers.promise) as Extract<Message, {event: Event}>;
	}

	fail(error: Error): void {
		this.#failure ??= error;
		for (const {resolvers} of this.#waiting.splice(0)) {
			resolvers.reject(this.#failure);
		}
	}
}
