import {spawn} from 'node-pty';
import {monotonicMs} from '../../harness/core/clock.ts';
import {quoteShell} from '../../harness/core/shell-quote.ts';
import {type Place} from './place.ts';

export const columns = 96;
export const rows = 40;

/** What a terminal was sent, and when: seconds since the first of it. */
export type Recording = ReadonlyArray<readonly [seconds: number, text: string]>;

/** Runs the program on a terminal, as a person would. */
export const record = async (
	{command: [file, program], env, cwd}: Place,
	args: readonly string[],
): Promise<Recording> => {
	const startedAt = monotonicMs();
	const recording: Array<readonly [number, string]> = [
		[0, `\u001B[1;32m$\u001B[0m npx bootwright ${args.map((word) => quoteShell(word)).join(' ')}\r\n`],
	];
	const terminal = spawn(file, [program, ...args], {name: 'xterm-256color', cols: columns, rows, cwd, env});
	terminal.onData((text) => {
		recording.push([(monotonicMs() - startedAt) / 1000, text]);
	});
	await new Promise<void>((resolve) => {
		terminal.onExit(() => {
			resolve();
		});
	});
	return recording;
};

/**
 * A recording as asciinema plays it (docs.asciinema.org/manual/asciicast/v2). A live line is drawn ten times a second: of what comes
 * within half a second, only the end is to be seen anyway.
 */
export const castOf = (recording: Recording, {title, at}: {readonly title: string; readonly at: number}): string => {
	const header = {
		version: 2,
		width: columns,
		height: rows,
		timestamp: Math.floor(at / 1000),
		idle_time_limit: 1,
		title,
		env: {TERM: 'xterm-256color'},
	};
	const events: Array<[number, string]> = [];
	for (const [seconds, text] of recording) {
		const last = events.at(-1);
		if (last !== undefined && seconds - last[0] < 0.5) {
			last[1] += text;
		} else {
			events.push([Number(seconds.toFixed(3)), text]);
		}
	}

	return [header, ...events.map(([seconds, text]) => [seconds, 'o', text])]
		.map((line) => `${JSON.stringify(line)}\n`)
		.join('');
};
