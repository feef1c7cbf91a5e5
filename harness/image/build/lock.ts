import {execa} from 'execa';
import {HostError} from '../../core/errors.ts';

export type Lock = AsyncDisposable;

/**
 * Takes an exclusive lock on a file, waiting for whoever holds it.
 * The lock belongs to a child (`flock`, util-linux) that lives exactly as long as its standard input:
 * when this process ends, however it ends, the kernel closes the pipe, the child goes, and the lock with it.
 * @param options.onWait called once when somebody else holds the lock
 */
export const acquireLock = async (
	path: string,
	{signal, onWait}: {readonly signal?: AbortSignal | undefined; readonly onWait?: () => void} = {},
): Promise<Lock> => {
	const lock = await tryLock(path);
	if (lock !== undefined) {
		return lock;
	}

	onWait?.();
	const waited = await hold(path, {flags: [], signal});
	if (waited === undefined) {
		throw new HostError(`Cannot lock ${path}`);
	}

	return waited;
};

/** Takes the lock if it is free; `undefined` when somebody holds it. */
export const tryLock = async (path: string): Promise<Lock | undefined> =>
	hold(path, {flags: ['--nonblock', '--conflict-exit-code', String(heldByAnother)], signal: undefined});

const heldByAnother = 75;

const hold = async (
	path: string,
	{flags, signal}: {readonly flags: readonly string[]; readonly signal: AbortSignal | undefined},
): Promise<Lock | undefined> => {
	signal?.throwIfAborted();
	const child = execa('flock', ['--exclusive', ...flags, path, 'sh', '-c', 'echo locked; exec cat'], {
		reject: false,
		buffer: {stdout: false},
		// Ctrl-C at the terminal goes to a whole process group; the lock is needed until everything is cleaned up.
		detached: true,
		...(!(signal === undefined) && {cancelSignal: signal}),
	});
	const locked = await Promise.race([
		new Promise<boolean>((resolve) => child.stdout.once('data', () => resolve(true))),
		child.then(() => false),
	]);
	if (locked) {
		return {
			async [Symbol.asyncDispose]() {
				child.stdin.end();
				await child;
			},
		};
	}

	const {exitCode, stderr, cause} = await child;
	signal?.throwIfAborted();
	if (exitCode === heldByAnother) {
		return undefined;
	}

	throw new HostError(`Cannot lock ${path}: ${stderr.trim()}`, {
		hint: exitCode === undefined ? 'The program "flock" comes with the package util-linux' : undefined,
		cause,
	});
};
