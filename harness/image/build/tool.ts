import {execa, type Options} from 'execa';
import {HostError} from '../../core/errors.ts';

/** The Debian package that brings each program the builder calls. */
const packages: Readonly<Record<string, string>> = {
	mmdebstrap: 'mmdebstrap',
	tar: 'tar',
	perl: 'perl-base',
	flock: 'util-linux',
	setpriv: 'util-linux',
};

export type ToolOptions = {
	readonly signal?: AbortSignal | undefined;
	readonly env?: Readonly<Record<string, string>>;
	/** Called with each line of its standard error while it runs. */
	readonly onLine?: ((line: string) => void) | undefined;
	readonly input?: string;
	readonly cwd?: string;
	/** What messages call the program, where that is not the command itself. */
	readonly name?: string;
};

/**
 * Runs a program of the host to its end.
 * @returns what it wrote to its standard output, without the last newline
 * @throws HostError that names the package to install, a full disk, or the program's last words; the signal's reason when it was aborted
 */
export const runTool = async (
	command: string,
	args: readonly string[],
	{signal, env, onLine, input, cwd, name = command}: ToolOptions = {},
): Promise<string> => {
	signal?.throwIfAborted();
	const options = {
		reject: false,
		// Sorting, messages and dates must not depend on whose machine it is.
		env: {...process.env, LC_ALL: 'C.UTF-8', TZ: 'UTC', PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`, ...env},
		// Time to clear up for what was told to end.
		forceKillAfterDelay: 30_000,
		...(signal !== undefined && {cancelSignal: signal}),
		...(cwd !== undefined && {cwd}),
		...(input === undefined ? {stdin: 'ignore'} : {input}),
	} as const satisfies Options;
	// A builder that is killed outright must not leave its tools at work behind it; each clears up when it is told to end.
	const child = execa('setpriv', ['--pdeathsig', 'TERM', command, ...args], options);
	if (onLine !== undefined) {
		const lines = child.iterable({from: 'stderr'});
		for await (const line of lines) {
			onLine(line);
		}
	}

	const result = await child;
	signal?.throwIfAborted();
	if (!result.failed) {
		return result.stdout;
	}

	throw failure(name, result);
};

type Failed = {readonly stderr: string; readonly exitCode?: number; readonly signal?: string; readonly cause?: unknown};

const failure = (command: string, {stderr, exitCode, signal, cause}: Failed): HostError => {
	if (exitCode === 127 || (exitCode === undefined && signal === undefined)) {
		return new HostError(`Building images needs the program "${command}", which this host does not have`, {
			hint: `sudo apt-get install ${packages[command] ?? command}`,
			cause,
		});
	}

	if (isDiskFull(stderr)) {
		return diskFull(cause);
	}

	const end = signal === undefined ? `ended with status ${exitCode ?? '?'}` : `was ended by ${signal}`;
	const lastWords = stderr.trim().split('\n').slice(-4).join(' | ');
	return new HostError(`${command} ${end}: ${lastWords === '' ? 'it said nothing' : lastWords}`, {cause});
};

/** Whether a program's words say that a disk is full; the second form is apt's. */
export const isDiskFull = (words: string): boolean => /No space left on device|enough free space in/.test(words);

/** The one message for a disk that ran full while an image was built. */
export const diskFull = (cause: unknown): HostError =>
	new HostError('No space left on the disk while building an image', {
		hint: 'Free about 3 GB below the cache ($XDG_CACHE_HOME or ~/.cache) and in $TMPDIR or /tmp, then run the command again',
		cause,
	});
