import {type Deadline} from '../core/deadline.ts';
import {type PortName} from '../core/events.ts';
import {type FileDump, dumpCommand, parseDump} from './file-dump.ts';
import {type GuestFacts, factsCommand, parseFacts} from './guest-facts.ts';
import {type ToolVisit, toolPath} from './toolbox/visit.ts';
import {type ToolName} from '../image/toolbox.ts';

/** What one command in the guest left behind. */
export type CommandResult = {
	/** Standard output, byte for byte. */
	readonly stdout: Buffer;
	readonly stderr: string;
	/** Standard output decoded as UTF-8, trimmed. */
	readonly text: string;
	readonly status: number;
	readonly durationMs: number;
};

export type CommandOptions = {
	readonly deadline?: Deadline;
	readonly stdin?: Uint8Array;
	/** More output than this is an error. */
	readonly maxBytes?: number;
};

/** Anything that runs a shell command as root in the guest: the root shell on a serial port, or a fake in a test. */
export type CommandRunner = {
	readonly run: (command: string, options?: CommandOptions) => Promise<CommandResult>;
};

/** The running image as a scenario sees it. Every call is a round trip over a serial port: batch them. */
export type Guest = CommandRunner & {
	/** The port on which the root shell lives. */
	readonly shellPort: PortName;
	/** Nobody uses it after the scenario: what was changed in it need not be put back. */
	readonly disposable: boolean;
	/** Kernel release, architecture, tools at hand; asked once a run. */
	readonly facts: () => Promise<GuestFacts>;
	/** Brings the tools in with a disk that is plugged for as long, once a run; what was seen of it on the way. */
	readonly toolbox: () => Promise<ToolVisit>;
	/**
	 * Path in the guest of a tool that needs nothing of the image, brought in where it is not there yet.
	 * @throws HostError that says why the guest has no tools
	 */
	readonly tool: (name: ToolName) => Promise<string>;
	/** The same guest, with a deadline for every command that brings none of its own. */
	readonly within: (deadline: Deadline) => Guest;
	/**
	 * Contents of all readable files that match the shell patterns, in one round trip.
	 * What does not match, or cannot be read, is absent. At most 64 KiB of each file.
	 */
	readonly readAll: (patterns: readonly string[]) => Promise<FileDump>;
	/** One file, or undefined if it does not exist or cannot be read. */
	readonly read: (path: string) => Promise<Buffer | undefined>;
};

/** Wraps a root shell. Nothing is sent before the first call. */
export const createGuest = (shell: CommandRunner, options: GuestOptions): Guest =>
	withFacts(shell, {...options, asked: askedBefore(options.known)});

const askedBefore = ({facts, tools}: KnownGuest = {}): Options['asked'] => ({
	...(facts !== undefined && {facts: Promise.resolve(facts)}),
	...(tools !== undefined && {tools: Promise.resolve(tools)}),
});

export type GuestOptions = {
	readonly shellPort: PortName;
	readonly deadline?: Deadline;
	/** How tools get into this guest; without it, it has none. */
	readonly bringTools?: (guest: CommandRunner, facts: GuestFacts, deadline: Deadline | undefined) => Promise<ToolVisit>;
	/** By default it is not. */
	readonly disposable?: boolean;
	/** What it is known to have: of a copy of a guest that was asked. */
	readonly known?: KnownGuest | undefined;
};

export type KnownGuest = {readonly facts?: GuestFacts | undefined; readonly tools?: ToolVisit | undefined};

type Options = GuestOptions & {
	/** Shared by all views of one guest. */
	readonly asked: {facts?: Promise<GuestFacts>; tools?: Promise<ToolVisit>};
};

const withFacts = (shell: CommandRunner, options: Options): Guest => {
	const {asked} = options;
	const run: CommandRunner['run'] = async (command, own = {}) =>
		shell.run(command, options.deadline === undefined ? own : {deadline: options.deadline, ...own});
	const readAll = async (patterns: readonly string[]): Promise<FileDump> =>
		parseDump((await run(dumpCommand(patterns))).stdout);
	const facts = async (): Promise<GuestFacts> => {
		asked.facts ??= run(factsCommand).then(({text}) => parseFacts(text));
		return asked.facts;
	};
	const toolbox = async (): Promise<ToolVisit> => {
		const {bringTools} = options;
		if (bringTools === undefined) {
			return {kind: 'unavailable', reason: 'nothing can be plugged into this machine'};
		}

		asked.tools ??= facts().then(async (known) => bringTools({run}, known, options.deadline));
		try {
			return await asked.tools;
		} catch (error) {
			// Whoever comes next may have more time.
			delete asked.tools;
			throw error;
		}
	};

	return {
		shellPort: options.shellPort,
		disposable: options.disposable ?? false,
		run,
		readAll,
		read: async (path) => (await readAll([path])).get(path),
		facts,
		toolbox,
		tool: async (name) => toolPath(await toolbox(), name),
		within: (deadline) => withFacts(shell, {...options, deadline}),
	};
};
