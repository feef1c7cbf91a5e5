import path from 'node:path';
import {execa} from 'execa';
import {Deadline} from '../core/deadline.ts';
import {HostError} from '../core/errors.ts';
import type {MachineFile} from '../profile/machine-files.ts';
import type {QemuBinary} from './find-qemu.ts';
import {placeFiles} from './place-files.ts';
import {QemuEnded, type QemuExit, describeExit} from './qemu-exit.ts';
import {QmpClient} from './qmp.ts';
import {type QmpLog, openQmpLog} from './qmp-log.ts';
import {stopQemu} from './stop-qemu.ts';

/** A running QEMU. Disposing of it ends it: by QMP, else SIGTERM, else SIGKILL. */
export type QemuProcess = AsyncDisposable & {
	readonly pid: number;
	readonly qmp: QmpClient;
	/** Resolves when QEMU is gone, whatever the reason; never rejects. */
	readonly exited: Promise<QemuExit>;
};

export type StartQemu = {
	readonly binary: QemuBinary;
	/** Of `qemuArguments`. */
	readonly arguments: readonly string[];
	readonly runDirectory: string;
	/** Stands before the command line to run it inside namespaces (`enterLab`). */
	readonly enter?: readonly string[] | undefined;
	/** Of `machineFiles`: written into the run's directory first. */
	readonly files?: readonly MachineFile[] | undefined;
	readonly qmpLog: string;
	readonly signal?: AbortSignal | undefined;
	/** Told the pid as soon as there is one: the run's directory guards it. */
	readonly onPid?: ((pid: number) => void) | undefined;
};

/** QEMU answers within a second; a loaded host may need more. */
const startMs = 30_000;

/**
 * Starts QEMU and connects to its monitor. The machine stays stopped (`-S`) until `cont`.
 * It dies with the harness, even after SIGKILL: the kernel sends it SIGKILL when its parent is gone.
 * @throws HostError with QEMU's last words when it ends before it answers
 */
export const startQemu = async (options: StartQemu): Promise<QemuProcess> => {
	await placeFiles(options.files ?? [], options.runDirectory);
	options.signal?.throwIfAborted();
	const child = spawnQemu(options);
	const exited = exitOf(child);
	const {pid} = child;
	if (pid === undefined) {
		throw new HostError(`QEMU could not be started: ${(await exited).lastWords}`);
	}

	options.onPid?.(pid);
	const log = openQmpLog(options.qmpLog);
	try {
		const qmp = await greet({options, exited, log});
		return {
			pid,
			qmp,
			exited,
			[Symbol.asyncDispose]: async () => {
				await stopQemu({child, qmp, exited});
				qmp[Symbol.dispose]();
				await log[Symbol.asyncDispose]();
			},
		};
	} catch (error) {
		child.kill('SIGKILL');
		await exited;
		await log[Symbol.asyncDispose]();
		throw error;
	}
};

/** `setpriv --pdeathsig` alone would leave a QEMU whose parent died before the call: the shell looks once more. */
const diesWithParent = '[ "$PPID" = "$0" ] && exec "$@"';

const spawnQemu = ({binary, arguments: args, runDirectory, enter = []}: StartQemu) => {
	const [file = '', ...rest] = [
		...enter,
		'setpriv',
		'--pdeathsig',
		'KILL',
		'--',
		'sh',
		'-c',
		diesWithParent,
		String(process.pid),
		binary.path,
		...args,
	];
	return execa(file, rest, {...spawnOptions, cwd: runDirectory});
};

const spawnOptions = {
	stdin: 'ignore',
	stdout: 'ignore',
	stderr: 'pipe',
	reject: false,
	// Kept are the last bytes it said; a QEMU that talks for hours fills no memory.
	buffer: false,
	// The kernel sees to it; an exit hook of ours would only race with the ordered end.
	cleanup: false,
} as const;

const exitOf = async (child: ReturnType<typeof spawnQemu>): Promise<QemuExit> => {
	let words = '';
	child.stderr.on('data', (chunk: Buffer) => {
		words = `${words}${chunk.toString('utf8')}`.slice(-4096);
	});
	const {exitCode, signal, originalMessage = ''} = await child;
	return {
		code: exitCode,
		signal,
		lastWords: words.trim() || originalMessage,
	};
};

const greet = async ({
	options,
	exited,
	log,
}: {
	readonly options: StartQemu;
	readonly exited: Promise<QemuExit>;
	readonly log: QmpLog;
}): Promise<QmpClient> => {
	// Whoever comes first, the other must not go on trying.
	const settled = new AbortController();
	const signal = AbortSignal.any([settled.signal, ...(options.signal === undefined ? [] : [options.signal])]);
	using deadline = new Deadline({phase: 'qemu-start', budgetMs: startMs, signal});
	const dead = exited.then((exit) => {
		throw new QemuEnded('before it started the machine', exit);
	});
	const connected = QmpClient.connect({
		path: path.join(options.runDirectory, 'qmp.sock'),
		deadline,
		log,
		lastWords: async () => describeExit(await exited),
	});
	dead.catch(() => undefined);
	connected.catch(() => undefined);
	try {
		return await Promise.race([connected, dead]);
	} finally {
		settled.abort();
	}
};
