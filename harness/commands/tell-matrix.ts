import {type KnownIssue} from '../matrix/matrix-file.ts';
import {type Outcome, goneIssues} from '../matrix/outcome.ts';
import {writeCellPages} from '../matrix/report/cell-pages.ts';
import {gridLines} from '../matrix/report/grid-lines.ts';
import {type MatrixFiles, writeMatrixFiles} from '../matrix/report/matrix-files.ts';
import {runsOf} from '../matrix/report/matrix-json.ts';
import {matrixMarkdown} from '../matrix/report/matrix-markdown.ts';
import {worstExitCode} from '../report/exit-code.ts';
import {type Layout} from '../report/layout.ts';
import {type CommandContext} from './command.ts';
import {type GithubStep} from './in-github.ts';

export type TellMatrix = {
	readonly outcomes: readonly Outcome[];
	readonly known: readonly KnownIssue[];
	readonly files: MatrixFiles;
	readonly layout: Layout;
	/** Where the cells lie; undefined where in several places, which are left as they are. */
	readonly directory: string | undefined;
	readonly stdout: CommandContext['stdout'];
	readonly github: GithubStep;
};

/** Tells of a matrix on the terminal, in files, and to GitHub. @returns the worst exit code of its cells */
export const tellMatrix = async (options: TellMatrix): Promise<number> => {
	const {outcomes, known, files, layout, directory, stdout, github} = options;
	const gone = goneIssues(known, outcomes);
	const place = directory === undefined ? '' : `${directory}\n`;
	stdout.write(`\n${gridLines(outcomes, {layout, gone})}${place}`);
	try {
		await writeMatrixFiles(files, outcomes, {gone});
		if (directory !== undefined) {
			await writeCellPages(outcomes);
		}
	} finally {
		await github.finish(runsOf(outcomes), matrixMarkdown(outcomes, {gone}));
	}

	return worstExitCode(outcomes.map(({exitCode}) => exitCode));
};
