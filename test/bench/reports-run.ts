import {mkdtemp, rm, stat, writeFile} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {monotonicMs} from '../../harness/core/clock.ts';
import {cellsOf} from '../../harness/matrix/cells.ts';
import {openMatrixFolder} from '../../harness/matrix/matrix-folder.ts';
import {mergeShards} from '../../harness/matrix/merge.ts';
import {gridLines} from '../../harness/matrix/report/grid-lines.ts';
import {writeMatrixFiles} from '../../harness/matrix/report/matrix-files.ts';
import {writeReportFiles} from '../../harness/report/files/report-files.ts';
import {layoutOf} from '../../harness/report/layout.ts';
import {renderReport} from '../../harness/report/render-report.ts';
import {foldRun} from '../../harness/report/run-state.ts';
import {leaveCell, matrixOf, recordOf} from '../matrix/_matrix.ts';
import {simulateRun} from './simulate-run.ts';

/**
 * In a process of its own, whose peak is what the reports took: `reports-run.ts run`, all reports of one run; `prepare DIR` and
 * `matrix DIR`, of 200 cells. Prints what it found as JSON.
 */
const [what = '', given = ''] = process.argv.slice(2);
const layout = layoutOf({width: 100, color: true});
const matrix = matrixOf(
	`images: [${Array.from({length: 100}, (_, index) => `ref:image-${index}`).join(', ')}]\nprofiles: [gce, other]`,
);

const filesIn = (directory: string) => ({
	junit: path.join(directory, 'junit.xml'),
	tap: path.join(directory, 'run.tap'),
	markdown: path.join(directory, 'summary.md'),
	json: path.join(directory, 'result.json'),
	html: path.join(directory, 'report.html'),
	codequality: path.join(directory, 'quality.json'),
});

const reportsOfRun = async (directory: string): Promise<object> => {
	const events = simulateRun('image.raw');
	const consoleBytes = 200_000;
	await writeFile(
		path.join(directory, 'console-ttyS0.log'),
		'x'
			.repeat(79)
			.concat('\n')
			.repeat(consoleBytes / 80),
	);
	const files = filesIn(directory);
	const once = async (): Promise<number> => {
		const startedAt = monotonicMs();
		renderReport(foldRun(events), layout, true);
		await writeReportFiles(files, [events], {places: [directory]});
		return monotonicMs() - startedAt;
	};

	const firstMs = await once();
	const {size} = await stat(files.html);
	await rm(path.join(directory, 'console-ttyS0.log'));
	await writeReportFiles({html: files.html}, [events], {places: [directory]});
	return {firstMs, againMs: await once(), withConsoleBytes: size, htmlBytes: (await stat(files.html)).size};
};

const prepare = async (directory: string): Promise<object> => {
	await openMatrixFolder(directory, {version: '0.1.0', matrix, shard: null, durations: null});
	const cells = cellsOf(matrix);
	for (const cell of cells) {
		await leaveCell(directory, recordOf(cell, {exitCode: 1}), simulateRun(cell.image));
	}

	return {cells: cells.length};
};

const reportsOfMatrix = async (directory: string): Promise<object> => {
	const startedAt = monotonicMs();
	const {outcomes} = await mergeShards([directory], {today: '2026-11-27'});
	gridLines(outcomes, {layout, gone: []});
	await writeMatrixFiles(filesIn(directory), outcomes, {gone: []});
	return {cells: outcomes.length, ms: monotonicMs() - startedAt};
};

const act = {run: reportsOfRun, prepare, matrix: reportsOfMatrix}[what];
if (act === undefined) {
	throw new Error(`reports-run.ts knows no "${what}"`);
}

const directory = given === '' ? await mkdtemp(path.join(os.tmpdir(), 'bootwright-bench-')) : given;
const found = await act(directory);
if (given === '') {
	await rm(directory, {recursive: true});
}

console.log(JSON.stringify({...found, peakMiB: process.resourceUsage().maxRSS / 1024}));
