import {type FileDump} from '../../harness/machine/file-dump.ts';
import {type CommandOptions, type CommandResult, type Guest, createGuest} from '../../harness/machine/guest.ts';

type Answer = Buffer | string | ((options: CommandOptions) => Buffer | string);

export type FakeGuest = Guest & {
	/** Every command but those for facts and files, in order. */
	readonly asked: readonly string[];
};

/** A guest that shows the files of a recorded dump, has some tools, and answers some commands; all others fail with status 1. */
export const fakeGuest = ({
	dump = new Map(),
	release = '6.1.0-56-cloud-amd64',
	tools = [],
	answers = {},
}: {
	readonly dump?: FileDump;
	readonly release?: string;
	readonly tools?: readonly string[];
	readonly answers?: Readonly<Record<string, Answer>>;
}): FakeGuest => {
	const asked: string[] = [];
	const run = (command: string, options: CommandOptions = {}): CommandResult => {
		if (command.startsWith('uname -r')) {
			return result([release, 'x86_64', ...tools].join('\n'));
		}

		asked.push(command);
		const answer = answers[command];
		return result(typeof answer === 'function' ? answer(options) : answer);
	};

	const guest = createGuest({run: async (command, options) => run(command, options)}, {shellPort: 'ttyS1'});
	const fake: FakeGuest = {
		...guest,
		asked,
		within: () => fake,
		readAll: async () => dump,
		read: async (path) => dump.get(path),
	};
	return fake;
};

const result = (stdout: Buffer | string | undefined): CommandResult => ({
	stdout: Buffer.from(stdout ?? ''),
	text: (stdout ?? '').toString().trim(),
	stderr: '',
	status: stdout === undefined ? 1 : 0,
	durationMs: 1,
});
