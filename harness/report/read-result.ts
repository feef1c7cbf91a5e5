import {readFile, stat} from 'node:fs/promises';
import path from 'node:path';
import {UsageError} from '../core/errors.ts';
import {whyInvalid} from '../core/why-invalid.ts';
import {readEvents} from './read-events.ts';
import {type RunResult, resultSchema} from './result-schema.ts';
import {resultOf} from './result.ts';
import {newestFirst, runsDirectory} from './run-directory.ts';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The result of a run, as a person names it: its directory, its `events.jsonl` or `result.json`; or the name of a directory below the state
 * directory, such as `latest`, and `latest~1` for the one before.
 * @throws UsageError where there is none
 */
export const readResult = async (place: string, env: Env): Promise<RunResult> => {
	const found = await findRun(place, env);
	return found.endsWith('.json') ? resultIn(found) : resultOf(await readEvents(found));
};

const findRun = async (place: string, env: Env): Promise<string> => {
	for (const candidate of [place, await countedBack(place, env), path.join(runsDirectory(env), place)]) {
		const found = candidate === undefined ? undefined : await stat(candidate).catch(() => undefined);
		if (candidate !== undefined && found !== undefined) {
			return found.isDirectory() ? logOrResult(candidate) : candidate;
		}
	}

	throw new UsageError(`There is no run ${place}`, {
		hint: `Give the directory of a run, its result.json, or a name in ${runsDirectory(env)}: latest, latest~1 …`,
	});
};

/** `latest~1`, `DIR/latest~1`: by the names of the directories, which begin with the time. */
const countedBack = async (place: string, env: Env): Promise<string | undefined> => {
	const {folder, back} = /^(?<folder>.*\/)?latest~(?<back>\d+)$/v.exec(place)?.groups ?? {};
	if (back === undefined) {
		return undefined;
	}

	const parent = folder ?? runsDirectory(env);
	const name = (await newestFirst(parent).catch(() => []))[Number(back)];
	return name === undefined ? undefined : path.join(parent, name);
};

/** A directory of which somebody kept the result alone. */
const logOrResult = async (directory: string): Promise<string> => {
	const [log, result] = ['events.jsonl', 'result.json'].map((name) => path.join(directory, name)) as [string, string];
	const isThere = async (file: string): Promise<boolean> => (await stat(file).catch(() => undefined)) !== undefined;
	return !(await isThere(log)) && (await isThere(result)) ? result : log;
};

const resultIn = async (file: string): Promise<RunResult> => {
	try {
		return resultSchema.parse(JSON.parse(await readFile(file, 'utf8')));
	} catch (error) {
		throw new UsageError(`${file} is no result of this version: ${whyInvalid(error)}`, {cause: error});
	}
};
