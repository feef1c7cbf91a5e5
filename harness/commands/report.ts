import {UsageError} from '../core/errors.ts';
import {exitCodeOf, worstExitCode} from '../report/exit-code.ts';
import {type ReportFiles, checkReportFiles, writeReportFiles} from '../report/files/report-files.ts';
import {layoutOf} from '../report/layout.ts';
import {directoryOf, readEvents} from '../report/read-events.ts';
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

	await checkReportFiles(files);
	const runs = await Promise.all(places.map(async (place) => readEvents(place)));
	const layout = layoutOf({width: stdout.columns, color: wantsColor(stdout, env)});
	for (const events of runs) {
		const run = foldRun(events);
		const {started} = run;
		stdout.write(
			`${layout.paint('bold', printable(started?.image.path ?? ''))} · ${new Date(started?.at ?? 0).toISOString()}\n`,
		);
		stdout.write(renderReport(run, layout, verbose));
	}

	await writeReportFiles(files, runs, {places: await Promise.all(places.map(directoryOf))});
	return worstExitCode(runs.map(exitCodeOf));
};
