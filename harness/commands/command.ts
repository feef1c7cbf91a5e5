import type {Readable, Writable} from 'node:stream';

/** What every command gets from the process; commands never touch `process` themselves. */
export type CommandContext = {
	readonly stdin: Readable & {readonly isTTY?: boolean};
	readonly stdout: Writable & {readonly isTTY?: boolean; readonly columns?: number};
	readonly stderr: Writable & {readonly isTTY?: boolean};
	readonly env: Readonly<Record<string, string | undefined>>;
	/** Aborted with an InterruptedError by SIGINT, SIGTERM, SIGHUP: tear down and throw the signal's reason. */
	readonly signal: AbortSignal;
	/** What the person typed after the program's name, to repeat the run. */
	readonly argv: readonly string[];
};

/**
 * One file a command: `harness/commands/NAME.ts` exports `run`, and is loaded only when the command is chosen. Its name,
 * arguments and options are declared in definitions.ts, so that `--help` loads none of them.
 * `run` resolves to the exit code, or throws an error of core/errors.ts, which cli.ts prints and maps.
 */
export type CommandModule = {
	// The options and arguments are what definitions.ts declares for that command; each module types its own.
	// eslint-disable-next-line @typescript-eslint/no-explicit-any
	readonly run: (context: CommandContext, options: any, ...args: any[]) => Promise<number>;
};
