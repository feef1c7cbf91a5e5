import path from 'node:path';
import {UsageError} from '../core/errors.ts';
import {exitCodeOf, worstExitCode} from '../report/exit-code.ts';
import {checkReportFiles} from '../report/files/check-report-files.ts';
import {type ReportFiles, writeReportFiles} from '../report/files/report-files.ts';
import {consoleFilesIn, directoriesOf} from '../report/files/run-directories.ts';
import {layoutOf} from '../report/layout.ts';
import {logIn, readEvents} from '../report/read-events.ts';
import {printable} from '../report/printable.ts';
import {renderReport} from '../report/render-report.ts';
import {foldRun} from '../report/run-state.ts';
import {wantsColor} from '../report/wants-color.ts';
import {type CommandContext} from './command.ts';

/** `bootwright report RUN…`: the reports of runs, from their events; the exit code is the one that the runs had together. */
export const run = async (
	{stdout, env}: CommandContext,
	{verbose, ...files}: ReportFiles & {readonly verbose: boolean},
	places: readonly string[],
): Promise<number> => {
	if (files.json !== undefined && places.length > 1) {
		throw new UsageError('--json names one file, and there are several runs');
	}

	const logs = await Promise.all(places.map(logIn));
	const directories = logs.map((log) => path.dirname(path.resolve(log)));
	const runs = await Promise.all(logs.map(readEvents));
	const consoles = await consoleFilesIn(runs.flatMap((events, index) => directoriesOf(events, directories[index])));
	await checkReportFiles(files, {inputs: [...logs, ...consoles]});
	const layout = layoutOf({width: stdout.columns, color: wantsColor(stdout, env)});
	for (const events of runs) {
		const run = foldRun(events);
		const {started} = run;
		stdout.write(
			`${layout.paint('bold', printable(started?.image.path ?? ''))} · ${new Date(started?.at ?? 0).toISOString()}\n`,
		);
		stdout.write(renderReport(run, layout, verbose));
	}

	await writeReportFiles(files, runs, {places: directories});
	return worstExitCode(runs.map(exitCodeOf));
};
