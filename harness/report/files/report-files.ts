import {access, constants} from 'node:fs/promises';
import path from 'node:path';
import {UsageError, messageOf} from '../../core/errors.ts';
import {type RunEvent} from '../../core/events.ts';
import {isSameFile} from '../../image/same-file.ts';
import {partOf} from '../write-whole.ts';
import {type FormatName, formatNames} from './format-names.ts';
import {directoriesOf} from './run-directories.ts';
import {type ReportTarget, reportTarget} from './report-target.ts';
import {writeReport} from './write-report.ts';

/** Where each report goes: `--json FILE` and the like. */
export type ReportFiles = Readonly<Partial<Record<FormatName, string>>>;

/**
 * What could only be written after the whole run is found out before it.
 * @param options.artifacts the command's own directory: reports may lie in it also where it is not there yet, as it is made before them
 * @param options.inputs files that are judged, or judged by: none of them is ever written. What is not there is left out.
 * @throws UsageError
 */
export const checkReportFiles = async (
	files: ReportFiles,
	{artifacts, inputs = []}: {readonly artifacts?: string | undefined; readonly inputs?: readonly string[]} = {},
): Promise<void> => {
	for (const [option, file] of named(files)) {
		const target = await targetOf(option, file, artifacts);
		for (const input of inputs) {
			if (await wouldWrite(target, {file, input})) {
				throw new UsageError(`--${option} ${file} would be written over ${input}`);
			}
		}
	}
};

const targetOf = async (option: string, file: string, artifacts: string | undefined): Promise<ReportTarget> => {
	try {
		const target = await reportTarget(file);
		if (target.kind === 'none') {
			throw new UsageError(`--${option} ${file} is ${target.what}`);
		}

		if (target.kind !== 'output') {
			await mayBeWritten(target.kind === 'file' ? path.dirname(target.path) : target.path, artifacts);
		}

		return target;
	} catch (error) {
		throw error instanceof UsageError
			? error
			: new UsageError(`--${option} ${file} cannot be written: ${messageOf(error)}`, {cause: error});
	}
};

/** @throws what the system says; not of a directory of artifacts that is still to be made */
const mayBeWritten = async (place: string, artifacts: string | undefined): Promise<void> => {
	try {
		await access(place, constants.W_OK);
	} catch (error) {
		const isLacking = (error as NodeJS.ErrnoException).code === 'ENOENT';
		if (!isLacking || artifacts === undefined || place !== path.resolve(artifacts)) {
			throw error;
		}
	}
};

/** What is no file may be read and written: a terminal that a password comes from. */
const wouldWrite = async (
	target: ReportTarget,
	{file, input}: {readonly file: string; readonly input: string},
): Promise<boolean> =>
	target.kind !== 'stream' &&
	((await isSameFile(file, input)) || (target.kind === 'file' && (await isSameFile(partOf(target.path), input))));

/**
 * @param options.places where the events were read, a directory a run, each an absolute path; the artifacts that the events name come after them
 * @param options.more whether they will be written once more, of more runs
 * @throws HostError where one cannot be written
 */
export const writeReportFiles = async (
	files: ReportFiles,
	runs: ReadonlyArray<readonly RunEvent[]>,
	{places = [], more = false}: {readonly places?: readonly string[]; readonly more?: boolean} = {},
): Promise<void> => {
	const wanted = named(files);
	if (wanted.length === 0) {
		return;
	}

	// Whoever wants none of them does not wait until they are loaded.
	const {formats} = await import('./formats.ts');
	const directories = runs.map((events, index) => directoriesOf(events, places[index]));
	for (const [format, file] of wanted) {
		// What is no file cannot be written again.
		if (!more || (await isReplaced(file))) {
			await writeReport(file, formats[format](runs, directories));
		}
	}
};

/** What cannot be looked at is tried, and tells why. */
const isReplaced = async (file: string): Promise<boolean> => {
	const target = await reportTarget(file).catch(() => undefined);
	return target?.kind !== 'stream' && target?.kind !== 'output';
};

const named = (files: ReportFiles): ReadonlyArray<readonly [FormatName, string]> =>
	formatNames.flatMap((name) => {
		const file = files[name];
		return file === undefined ? [] : [[name, file] as const];
	});
