import {randomBytes} from 'node:crypto';
import {type ConsolePort} from '../console/port.ts';
import {type Deadline} from '../core/deadline.ts';
import {expectOrQuiet} from './wait.ts';

/** After this silence the question is typed again: what was typed while a program still ran may have been thrown away. */
const patienceMs = 3000;

/**
 * Types at what looks like a prompt and waits for an answer that only a shell can give: the echo cannot match it.
 * @returns the user's id; 0 also where the shell has no `id`, as nothing but an init's own shell is that bare;
 * undefined when nothing answered in `attempts` tries
 */
export const proveShell = async (
	port: ConsolePort,
	{deadline, attempts}: {readonly deadline: Deadline; readonly attempts: number},
): Promise<number | undefined> => {
	const nonce = randomBytes(5).toString('hex');
	const answer = new RegExp(String.raw`@bwu:${nonce}:(\d*)`);
	const from = port.received;
	for (let attempt = 0; attempt < attempts; attempt++) {
		// The blank keeps it out of the history where HISTCONTROL says so.
		await port.write(` echo "@b""wu:${nonce}:$(id -u)"\n`);
		const seen = await expectOrQuiet(port, [answer], {deadline, quietMs: patienceMs, from});
		if (seen !== undefined) {
			return Number(seen.match[1] ?? 0);
		}
	}

	return undefined;
};
