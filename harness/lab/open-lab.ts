import {once} from 'node:events';
import os from 'node:os';
import {createInterface} from 'node:readline';
import {monotonicMs, startTimer} from '../core/clock.ts';
import {Deadline} from '../core/deadline.ts';
import {HostError} from '../core/errors.ts';
import {programFile} from '../core/program-file.ts';
import {enterLab, spawnInNewNetwork} from './enter-lab.ts';
import {labCure} from './lab-cure.ts';
import {type TapCounters, readTapCounters} from './lab-counters.ts';
import {type LabNetwork} from './lab-network.ts';
import {type FromLab, type LabFailure, type ToLab} from './messages.ts';
import {type MetadataData} from './metadata/metadata-data.ts';
import {type MetadataFault} from './metadata/metadata-faults.ts';
import {type MetadataRequest} from './metadata/metadata-log.ts';

export type OpenLab = {
	readonly network: LabNetwork;
	readonly metadata: MetadataData;
	/** For what is kept a moment while something is tested in the lab; whoever opens it takes it away. Default: none of its own. */
	readonly folder?: string | undefined;
	/** Takes what dnsmasq says: leases, names asked for. */
	readonly dnsmasqLog: string;
	readonly onRequest?: ((request: MetadataRequest) => void) | undefined;
	/** A metadata server that is wrong on purpose. */
	readonly fault?: MetadataFault | undefined;
	readonly signal?: AbortSignal | undefined;
};

/** A network of one guest's own. Disposing of it takes it down, with all that runs inside; so does the end of this process. */
export type Lab = AsyncDisposable & {
	readonly network: LabNetwork;
	/** For what must not outlive the run. */
	readonly folder: string | undefined;
	/** What stands before a command line to run it inside. */
	readonly enter: readonly string[];
	/** When the guest was first given its address, monotonic ms; undefined before. */
	readonly leasedAt: () => number | undefined;
	/** What the metadata server serves. */
	readonly metadata: () => MetadataData;
	/** Serves other metadata from now on; clients that wait for a change are told. */
	readonly setMetadata: (data: MetadataData) => void;
	/** What crossed the tap so far. @throws HostError where the lab is gone */
	readonly counters: () => Promise<TapCounters>;
	/** Aborted with a HostError when the lab ends by itself. */
	readonly ended: AbortSignal;
};

/** It takes about a quarter of a second. */
const openMs = 15_000;
/** A lab goes down in some milliseconds; one that is stopped or hangs is killed, and its children with it. */
const patienceMs = 1000;

/**
 * Makes the lab: a network namespace (inside a user namespace unless this is root) that holds a tap, dnsmasq and the metadata server,
 * and from which no route leads out.
 * @throws HostError with the command that mends it, where this host cannot have one; the signal's reason
 */
export const openLab = async (options: OpenLab): Promise<Lab> => {
	const {network, dnsmasqLog, fault, signal, onRequest} = options;
	let {metadata} = options;
	signal?.throwIfAborted();
	const asRoot = os.userInfo().uid === 0;
	const child = spawnInNewNetwork(hostCommand, {asRoot});
	const send = (message: ToLab): void => void child.stdin.write(`${JSON.stringify(message)}\n`);
	const ended = new AbortController();
	let isOver = false;
	const up = Promise.withResolvers<undefined>();
	up.promise.catch(() => undefined);
	const end = async (failure: LabFailure): Promise<void> => {
		// The first word is the reason; what comes after it is how the rest went down.
		if (isOver) {
			return;
		}

		isOver = true;
		const hint = failure.denied === true ? await labCure(failure.what, {asRoot}) : failure.hint;
		const error = new HostError(failure.what, {hint});
		up.reject(error);
		ended.abort(error);
	};

	let leasedAt: number | undefined;
	let isUp = false;
	let words = '';
	child.stderr.setEncoding('utf8').on('data', (text: string) => {
		words = `${words}${text}`.slice(-2000);
	});
	createInterface({input: child.stdout}).on('line', (line) => {
		const message = readMessage(line);
		switch (message?.type) {
			case undefined: {
				break;
			}

			case 'up': {
				isUp = true;
				up.resolve(undefined);
				break;
			}

			case 'lease': {
				leasedAt ??= monotonicMs();
				break;
			}

			case 'request': {
				onRequest?.(message.request);
				break;
			}

			case 'failed': {
				void end(message.failure);
				break;
			}

			default: {
				message satisfies never;
			}
		}
	});
	child.on('error', (error) => void end({what: `The lab cannot be started: ${error.message}`, denied: true}));
	child.on('close', (code, how) => {
		const what = `The lab ended (${how ?? `status ${code ?? ''}`}): ${lastLine(words)}`;
		void end({what, ...(!isUp && {denied: true})});
	});
	const close = async (): Promise<void> => {
		isOver = true;
		child.stdin.destroy();
		if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
			using _timer = startTimer(patienceMs, () => child.kill('SIGKILL'));
			await once(child, 'close');
		}
	};

	try {
		using deadline = new Deadline({phase: 'lab', budgetMs: openMs, signal});
		deadline.signal.addEventListener('abort', () => up.reject(deadline.signal.reason), {once: true});
		send({type: 'open', network, dnsmasqLog, metadata, fault});
		await up.promise;
	} catch (error) {
		await close();
		throw error;
	}

	return {
		network,
		folder: options.folder,
		enter: enterLab(child.pid ?? 0, {asRoot}),
		counters: async () => readTapCounters(child.pid ?? 0, network.interface),
		leasedAt: () => leasedAt,
		metadata: () => metadata,
		setMetadata(data) {
			metadata = data;
			send({type: 'metadata', data});
		},
		ended: ended.signal,
		[Symbol.asyncDispose]: close,
	};
};

const hostCommand = ['setpriv', '--pdeathsig', 'KILL', '--', process.execPath, programFile('lab/lab-host')] as const;

/** The last line of a lab that was killed may be broken off: it is passed over, its end is told by the process. */
const readMessage = (line: string): FromLab | undefined => {
	try {
		return JSON.parse(line) as FromLab;
	} catch {
		return undefined;
	}
};

const lastLine = (words: string): string => words.trim().split('\n').at(-1) ?? '';
