import {type RunEvent} from '../../core/events.ts';
import {type FormatName, formatNames} from './format-names.ts';
import {directoriesOf} from './run-directories.ts';
import {reportTarget} from './report-target.ts';
import {writeReport} from './write-report.ts';

/** Where each report goes: `--json FILE` and the like. */
export type ReportFiles = Readonly<Partial<Record<FormatName, string>>>;

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

/** Those that are wanted. */
export const named = (files: ReportFiles): ReadonlyArray<readonly [FormatName, string]> =>
	formatNames.flatMap((name) => {
		const file = files[name];
		return file === undefined ? [] : [[name, file] as const];
	});
