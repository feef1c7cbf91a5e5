import path from 'node:path';
import {codeQualityOf} from '../../report/files/code-quality.ts';
import {junitPieces} from '../../report/files/junit.ts';
import {tapPieces} from '../../report/files/tap.ts';
import {writeReport} from '../../report/files/write-report.ts';
import {type KnownIssue} from '../matrix-file.ts';
import {type Outcome} from '../outcome.ts';
import {matrixHtml} from './matrix-html.ts';
import {matrixJson, runsOf} from './matrix-json.ts';
import {matrixMarkdown} from './matrix-markdown.ts';

/** `--junit FILE` and the like. */
export type MatrixFiles = Readonly<
	Partial<Record<'json' | 'junit' | 'tap' | 'markdown' | 'html' | 'codequality', string>>
>;

/** Where nothing else was said, a page, a summary and JUnit's file lie beside the cells. */
export const beside = (directory: string, files: MatrixFiles): MatrixFiles => ({
	html: path.join(directory, 'index.html'),
	junit: path.join(directory, 'junit.xml'),
	markdown: path.join(directory, 'summary.md'),
	...files,
});

type Given = {readonly gone: readonly KnownIssue[]; readonly folder: string};

const render = {
	json: matrixJson,
	junit: (outcomes) => junitPieces(runsOf(outcomes)),
	tap: (outcomes) => tapPieces(runsOf(outcomes)),
	codequality: (outcomes) => codeQualityOf(runsOf(outcomes)),
	markdown: matrixMarkdown,
	html: matrixHtml,
} as const satisfies Record<
	keyof MatrixFiles,
	(outcomes: readonly Outcome[], given: Given) => string | Iterable<string>
>;

/** @throws HostError where one cannot be written */
export const writeMatrixFiles = async (
	files: MatrixFiles,
	outcomes: readonly Outcome[],
	given: Omit<Given, 'folder'>,
): Promise<void> => {
	for (const format of Object.keys(render) as ReadonlyArray<keyof MatrixFiles>) {
		const file = files[format];
		if (file !== undefined) {
			const folder = path.dirname(path.resolve(file));
			await writeReport(file, render[format](outcomes, {...given, folder}));
		}
	}
};
