import {randomBytes} from 'node:crypto';
import {type ConsolePort} from '../console/port.ts';
import {type Deadline} from '../core/deadline.ts';
import {expectOrQuiet} from './wait.ts';

/** After this silence the question is typed again: what was typed while a program still ran may have been thrown away. */
export const patienceMs = 3000;

/** A question that only a shell can answer: the echo of what is typed cannot match the answer. */
export type ShellProof = {
	readonly question: string;
	readonly answer: RegExp;
	readonly uidOf: (match: RegExpMatchArray) => number;
};

export const shellProof = (): ShellProof => {
	const nonce = randomBytes(5).toString('hex');
	return {
		// The blank keeps it out of the history where HISTCONTROL says so.
		question: ` echo "@b""wu:${nonce}:$(id -u)"\n`,
		answer: new RegExp(String.raw`@bwu:${nonce}:(\d*)`),
		// A shell that has no `id` is so bare that it is an init's own.
		uidOf: ([, uid = '']) => Number(uid),
	};
};

/**
 * Types at what looks like a prompt and waits for the answer.
 * @returns the user's id; undefined when nothing answered in `attempts` tries
 */
export const proveShell = async (
	port: ConsolePort,
	{deadline, attempts}: {readonly deadline: Deadline; readonly attempts: number},
): Promise<number | undefined> => {
	const {question, answer, uidOf} = shellProof();
	const from = port.received;
	for (let attempt = 0; attempt < attempts; attempt++) {
		await port.write(question);
		const seen = await expectOrQuiet(port, [answer], {deadline, quietMs: patienceMs, from});
		if (seen !== undefined) {
			return uidOf(seen.match);
		}
	}

	return undefined;
};
