import {type ChildProcess, type ChildProcessByStdio, spawn} from 'node:child_process';
import {once} from 'node:events';
import {type Readable, type Writable} from 'node:stream';
import {finished} from 'node:stream/promises';
import {HostError, messageOf} from '../../core/errors.ts';

export type Program = readonly [name: string, ...args: string[]];

/** Programs that are at work, each reading what the one before it writes. */
export type Programs = {
	/** Of the last one. */
	readonly stdout: Readable;
	/** What they said on standard error until now. */
	readonly words: () => string;
	/** Resolves when all have ended well. @throws HostError with the words of the one that has not */
	readonly done: Promise<void>;
};

/**
 * Starts programs whose bytes go from one to the next without passing through this one.
 * @param options.stdin where the first one reads from: a file's descriptor, or bytes of this program
 */
export const startPrograms = (
	programs: readonly [Program, ...Program[]],
	{stdin, signal}: {readonly stdin: number | Readable; readonly signal?: AbortSignal | undefined},
): Programs => {
	const said: string[] = [];
	const children: ChildProcess[] = [];
	const start = ([name, ...args]: Program, from: Readable | number | 'pipe'): Readable => {
		const child: ChildProcessByStdio<Writable | null, Readable, Readable> = spawn(name, args, {
			stdio: [from as 'pipe', 'pipe', 'pipe'],
			env: {...process.env, LC_ALL: 'C'},
			signal,
		});
		child.stderr.setEncoding('utf8').on('data', (text: string) => void said.push(text));
		children.push(child);
		return child.stdout;
	};

	const [first, ...others] = programs;
	let stdout = start(first, typeof stdin === 'number' ? stdin : 'pipe');
	for (const program of others) {
		const from = stdout;
		stdout = start(program, from);
		// That program has a descriptor of its own: with this one open as well, nobody would hear that it has ended.
		from.destroy();
	}

	const ends = children.map(async (child, index) => ended(child, programs[index]?.[0] ?? ''));
	const input = children[0]?.stdin;
	if (typeof stdin === 'object' && input) {
		ends.unshift(fed(stdin, input).then((failure) => failure && `${first[0]}: ${failure}`));
	}

	const done = Promise.all(ends).then((failures) => {
		signal?.throwIfAborted();
		// The first to fail is the one to blame: the others lost their reader or their writer.
		const failed = failures.find((failure) => failure !== undefined);
		if (failed !== undefined) {
			throw new HostError(`${failed}: ${said.join('').trim().replaceAll('\n', '; ') || 'no word why'}`);
		}
	});
	done.catch(() => undefined);
	return {stdout, words: () => said.join(''), done};
};

/** @returns undefined where all of it could be read, whether or not the program took it: that one has its own word to say */
const fed = async (from: Readable, to: Writable): Promise<string | undefined> => {
	// Where the program wants no more, the rest is read all the same: whoever writes it should come to its end.
	to.on('error', () => undefined).once('close', () => from.unpipe(to).resume());
	from.pipe(to);
	try {
		await finished(from, {writable: false});
		return undefined;
	} catch (error) {
		to.destroy();
		return `what it is given cannot be read (${messageOf(error)})`;
	}
};

/** @returns undefined where it ended well */
const ended = async (child: ChildProcess, name: string): Promise<string | undefined> => {
	try {
		const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
		return code === 0 ? undefined : `${name} ended with ${signal ?? `status ${code ?? ''}`}`;
	} catch (error) {
		return `${name} cannot be started (${messageOf(error)})`;
	}
};
