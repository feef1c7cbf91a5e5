import {mkdir, readdir, rename, rm, stat, symlink} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {HostError, UsageError, messageOf} from '../core/errors.ts';
import {makeDirectory} from './make-directory.ts';

/** Runs that stay below the state directory; a directory given by the person is theirs to tidy. */
const keptRuns = 20;

/**
 * Makes the directory of one run and points `latest` beside it there.
 * @param options.parent directory of all runs; default `$XDG_STATE_HOME/bootwright/runs`, where only the newest 20 stay
 * @param options.image path of the candidate: its name becomes part of the directory's
 * @param options.at ms since the epoch
 * @throws UsageError where the given parent cannot be used, HostError where the default one cannot
 */
export const makeRunDirectory = async (options: {
	readonly parent: string | undefined;
	readonly image: string;
	readonly at: number;
	readonly env: Readonly<Record<string, string | undefined>>;
}): Promise<string> => {
	const parent = path.resolve(options.parent ?? runsDirectory(options.env));
	try {
		const name = path.basename(options.image).replace(/\.raw$/, '');
		const directory = await makeTimedDirectory(parent, {name, at: options.at});
		await linkLatest(parent, path.basename(directory));
		if (options.parent === undefined) {
			await prune(parent);
		}

		return directory;
	} catch (error) {
		throw cannotMake(`a directory for artifacts below ${parent}`, {error, isGiven: options.parent !== undefined});
	}
};

/** Makes a directory that a person gave, where it is not there yet. @throws UsageError where it cannot be used, HostError on a full disk */
export const makeGivenDirectory = (directory: string): void => {
	try {
		makeDirectory(directory);
	} catch (error) {
		throw cannotMake(`the directory ${directory}`, {error, isGiven: true});
	}
};

/**
 * Makes the directory of one matrix, where nobody gave one: `$XDG_STATE_HOME/bootwright/matrix/TIME-NAME`. All of them stay.
 * @param file of the matrix: its name becomes part of the directory's
 * @param options.at ms since the epoch
 * @throws HostError
 */
export const makeMatrixDirectory = async (
	file: string,
	{at, env}: {readonly at: number; readonly env: Readonly<Record<string, string | undefined>>},
): Promise<string> => {
	const parent = path.join(stateDirectory(env), 'matrix');
	try {
		return await makeTimedDirectory(parent, {name: path.basename(file).replace(/\.ya?ml$/v, ''), at});
	} catch (error) {
		throw cannotMake(`a directory for artifacts below ${parent}`, {error, isGiven: false});
	}
};

const cannotMake = (
	what: string,
	{error, isGiven}: {readonly error: unknown; readonly isGiven: boolean},
): HostError | UsageError => {
	const message = `Cannot make ${what}: ${messageOf(error)}`;
	return !isGiven || (error as NodeJS.ErrnoException).code === 'ENOSPC'
		? new HostError(message, {cause: error, hint: 'Give another place with --artifacts DIR.'})
		: new UsageError(message, {cause: error});
};

/** Default parent of the directories of all runs. */
export const runsDirectory = (env: Readonly<Record<string, string | undefined>>): string =>
	path.join(stateDirectory(env), 'runs');

/** What runs leave, and nobody can make again. */
export const stateDirectory = (env: Readonly<Record<string, string | undefined>>): string => {
	const state = env['XDG_STATE_HOME'] ?? '';
	// A relative path is to be ignored (XDG Base Directory Specification).
	return path.join(path.isAbsolute(state) ? state : path.join(os.homedir(), '.local/state'), 'bootwright');
};

/** `20260102T030405Z`: sorts as text does, and can be a file's name. */
const compactTime = (at: number): string => new Date(at).toISOString().replaceAll(/[-:]|\.\d+/g, '');

/** Makes `20260102T030405Z-image` or the like: it sorts by time, and says whose it is. */
const makeTimedDirectory = async (
	parent: string,
	{name, at}: {readonly name: string; readonly at: number},
): Promise<string> => {
	makeDirectory(parent);
	const word = name.replaceAll(/[^\w.-]/g, '_').slice(0, 60);
	return makeUnique(path.join(parent, `${compactTime(at)}-${word}`));
};

const isRunName = /^\d{8}T\d{6}Z-/;

/** Two runs of one image, or matrix, may start in the same second. Console logs may hold secrets: for the owner alone. */
const makeUnique = async (wanted: string): Promise<string> => {
	for (let attempt = 1; ; attempt++) {
		const directory = attempt === 1 ? wanted : `${wanted}-${attempt}`;
		try {
			await mkdir(directory, {mode: 0o700});
			return directory;
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
				throw error;
			}
		}
	}
};

/** A link is replaced by renaming another over it, so that `latest` is there at any time. */
const linkLatest = async (parent: string, name: string): Promise<void> => {
	// Named after the run, which nobody else makes at the same moment.
	const fresh = path.join(parent, `.latest-${name}`);
	await symlink(name, fresh);
	await rename(fresh, path.join(parent, 'latest'));
};

/** Names of the directories of runs below a parent. */
export const newestFirst = async (parent: string): Promise<readonly string[]> => {
	const names = await readdir(parent);
	return names.filter((name) => isRunName.test(name)).toSorted((a, b) => b.localeCompare(a, 'en'));
};

const prune = async (parent: string): Promise<void> => {
	const runs = await newestFirst(parent);
	for (const name of runs.slice(keptRuns)) {
		const directory = path.join(parent, name);
		// Without a result it may still be running.
		if (await stat(path.join(directory, 'result.json')).catch(() => undefined)) {
			await rm(directory, {recursive: true, force: true});
		}
	}
};
