import path from 'node:path';
import {wallClockMs} from '../core/clock.ts';
import {recordsOfFolders} from '../matrix/matrix-folder.ts';
import {mergeShards} from '../matrix/merge.ts';
import {cellLine} from '../matrix/report/grid-lines.ts';
import {type MatrixFiles, beside} from '../matrix/report/matrix-files.ts';
import {checkReportFiles} from '../report/files/check-report-files.ts';
import {layoutOf} from '../report/layout.ts';
import {printable} from '../report/printable.ts';
import {wantsColor} from '../report/wants-color.ts';
import {type CommandContext} from './command.ts';
import {openGithubStep} from './in-github.ts';
import {todayOf} from './matrix.ts';
import {tellMatrix} from './tell-matrix.ts';

type Options = MatrixFiles & {readonly artifacts?: string};

/** `bootwright merge DIR…`: the same reports and exit code as one run of the whole matrix. */
export const run = async (
	context: CommandContext,
	options: Options,
	directories: readonly string[],
): Promise<number> => {
	const {stdout, env} = context;
	const {artifacts} = options;
	const directory = artifacts === undefined ? undefined : path.resolve(artifacts);
	const files = directory === undefined ? options : beside(directory, options);
	const folders = artifacts === undefined ? directories : [...directories, artifacts];
	await checkReportFiles(options, {artifacts, written: files, ...recordsOfFolders(folders)});
	const {folder, outcomes, notes} = await mergeShards(directories, {to: directory, today: todayOf(wallClockMs())});
	const layout = layoutOf({width: stdout.columns, color: wantsColor(stdout, env)});
	const github = openGithubStep(context, {speaks: true});
	for (const note of notes) {
		stdout.write(`${printable(note, 2000)}\n`);
	}

	for (const outcome of outcomes) {
		stdout.write(cellLine(outcome, layout, {kept: true}));
	}

	return tellMatrix({outcomes, known: folder.matrix.known, files, layout, directory, stdout, github});
};
