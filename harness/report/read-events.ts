import {readFile, stat} from 'node:fs/promises';
import path from 'node:path';
import {UsageError, messageOf} from '../core/errors.ts';
import {whyInvalid} from '../core/why-invalid.ts';
import {type RunEvent} from '../core/events.ts';
import {parseEvent} from './event-schema.ts';

/**
 * The events of a run, read back from its artifacts. A log that ends early, after SIGKILL or on a full disk, gets the end that it
 * lacks: a host's failure, which leaves nothing green that was not seen.
 * @param place a directory with `events.jsonl`, or such a file
 * @throws UsageError with file and line where it is no such log
 */
export const readEvents = async (place: string): Promise<readonly RunEvent[]> => {
	const file = await logIn(place);
	const lines = (await read(file)).split('\n');
	// What has no newline was still being written.
	const unfinished = lines.pop() ?? '';
	const events = lines.map((line, index) => eventOf(line, `${file}:${index + 1}`));
	if (events[0]?.type !== 'run-started') {
		throw new UsageError(`${file} is no log of a run: its first line is not the event "run-started"`);
	}

	const last = events.at(-1);
	return last?.type === 'run-finished' && unfinished === '' ? events : [...events, ...cutShort(events, file)];
};

/** The file of the events that a place stands for, which need not be there. */
export const logIn = async (place: string): Promise<string> => {
	const found = await stat(place).catch(() => undefined);
	return found?.isDirectory() === true ? path.join(place, 'events.jsonl') : place;
};

const read = async (file: string): Promise<string> => {
	try {
		return await readFile(file, 'utf8');
	} catch (error) {
		throw new UsageError(`Cannot read ${file}: ${messageOf(error)}`, {
			cause: error,
			hint: 'Give the directory of a run, such as --artifacts DIR has them.',
		});
	}
};

const eventOf = (line: string, where: string): RunEvent => {
	try {
		return parseEvent(JSON.parse(line));
	} catch (error) {
		throw new UsageError(`${where} is no event of this version: ${whyInvalid(error)}`, {cause: error});
	}
};

const cutShort = (events: readonly RunEvent[], file: string): readonly RunEvent[] => {
	const at = events.at(-1)?.at ?? 0;
	const startedAt = events[0]?.at ?? at;
	const message = `The log ${file} ends before the run does: it was killed, or its disk was full`;
	return [
		{type: 'run-failed', at, code: 'host', message, hint: undefined, exitCode: 4},
		{type: 'run-finished', at, durationMs: at - startedAt, exitCode: 4},
	];
};
