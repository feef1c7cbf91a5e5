import {once} from 'node:events';
import {type FakePort} from '../console/_fake-port.ts';

/**
 * Plays a guest: writes a text, waits for a line, and so on, as recorded from real ones. Each step is [guest's words, the line expected].
 * @returns the lines that were typed
 */
export const converse = async (
	{guest}: FakePort,
	steps: ReadonlyArray<readonly [words: string, expectsLine?: boolean]>,
): Promise<readonly string[]> => {
	const lines: string[] = [];
	let pending = '';
	for (const [words, expectsLine = true] of steps) {
		guest.write(words);
		while (expectsLine && !pending.includes('\n')) {
			const [chunk] = (await once(guest, 'data')) as [Buffer];
			pending += chunk.toString();
		}

		if (expectsLine) {
			lines.push(pending.slice(0, pending.indexOf('\n')));
			pending = pending.slice(pending.indexOf('\n') + 1);
		}
	}

	return lines;
};
