import {access, constants, realpath, stat} from 'node:fs/promises';
import path from 'node:path';
import {UsageError, messageOf} from '../../core/errors.ts';
import {type RunEvent} from '../../core/events.ts';
import {writeWhole} from '../write-whole.ts';
import {type FormatName, formatNames} from './format-names.ts';

/** Where each report goes: `--json FILE` and the like. */
export type ReportFiles = Readonly<Partial<Record<FormatName, string>>>;

/**
 * What could only be written after the whole run is found out before it.
 * @param options.artifacts the command's own directory: reports may lie in it also where it is not there yet, as it is made before them
 * @throws UsageError
 */
export const checkReportFiles = async (
	files: ReportFiles,
	{artifacts}: {readonly artifacts?: string | undefined} = {},
): Promise<void> => {
	for (const [option, file] of named(files)) {
		const found = await stat(file).catch(() => undefined);
		if (found?.isDirectory() === true) {
			throw new UsageError(`--${option} ${file} is a directory`);
		}

		const folder = path.dirname(path.resolve(file));
		try {
			await access(folder, constants.W_OK);
		} catch (error) {
			const isLacking = (error as NodeJS.ErrnoException).code === 'ENOENT';
			if (isLacking && artifacts !== undefined && folder === path.resolve(artifacts)) {
				continue;
			}

			throw new UsageError(`--${option} ${file} cannot be written: ${messageOf(error)}`, {cause: error});
		}
	}
};

/**
 * @param places where the events were read, a directory a run, each an absolute path; the artifacts that the events name come after them
 * @throws HostError where one cannot be written
 */
export const writeReportFiles = async (
	files: ReportFiles,
	runs: ReadonlyArray<readonly RunEvent[]>,
	places: readonly string[] = [],
): Promise<void> => {
	const wanted = named(files);
	if (wanted.length === 0) {
		return;
	}

	// Whoever wants none of them does not wait until they are loaded.
	const {formats} = await import('./formats.ts');
	const directories = await Promise.all(runs.map(async (events, index) => directoriesOf(events, places[index])));
	for (const [format, file] of wanted) {
		await writeWhole(path.resolve(file), formats[format](runs, directories));
	}
};

/** Of a run's artifacts. What lies where the run put it is called as the run called it, so that a page made again is the same bytes. */
const directoriesOf = async (events: readonly RunEvent[], place: string | undefined): Promise<readonly string[]> => {
	const made = events.flatMap((event) => (event.type === 'run-started' ? event.artifacts : []));
	if (place === undefined) {
		return made;
	}

	const found = await realPath(place);
	const same = await Promise.all(made.map(realPath));
	return same.includes(found) ? made : [place, ...made];
};

/** The path itself where nothing is there. */
const realPath = async (directory: string): Promise<string> => realpath(directory).catch(() => directory);

const named = (files: ReportFiles): ReadonlyArray<readonly [FormatName, string]> =>
	formatNames.flatMap((name) => {
		const file = files[name];
		return file === undefined ? [] : [[name, file] as const];
	});
