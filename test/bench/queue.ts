import {mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {randomBytes} from 'node:crypto';
import {monotonicMs} from '../../harness/core/clock.ts';
import {median} from '../../harness/core/statistics.ts';
import {jobDirectory} from '../../harness/matrix/queue/held-results.ts';
import {runIdOf} from '../../harness/matrix/queue/runs.ts';
import {waitingCells} from '../../harness/matrix/queue/waiting-cells.ts';
import {cellDirectory} from '../../harness/matrix/records.ts';
import {programVersion} from '../../harness/program/program-version.ts';
import {openPlace} from '../e2e/_program.ts';
import {start, startWorker} from '../e2e/_queue.ts';
import {openTestServer} from '../matrix/queue/_server.ts';
import {cellsIn, leaveCell, recordOf} from '../matrix/_matrix.ts';
import {passed, start as runStarted} from '../report/example-run.ts';

/** Of a usual cell (docs/scale.md): events and consoles that shrink, and something that does not. */
const consoleBytes = 700_000;
const otherBytes = 300_000;

/**
 * Milliseconds that the queue adds to a cell: a real matrix and a real worker, which has all results on its disk already, so that nothing is run.
 * Counted is each cell's way through the queue: taken, read, packed, sent, written down, taken off.
 */
export const queueOverhead = async (count: number): Promise<readonly number[]> => {
	await using place = await openPlace();
	await using server = await openTestServer(place.directory, {fsync: 'everysec'});
	const text = `images: [${Array.from({length: count}, (_, index) => `/nonexistent/${index}.raw`).join(', ')}]\n`;
	await writeFile(path.join(place.directory, 'matrix.yaml'), text);
	const night = path.join(place.directory, 'night');
	await mkdir(night);
	const {id: run} = await runIdOf(night);
	const cells = cellsIn(text);
	const rows = Array.from({length: 64}, (_, index) => `hw.row${index}`);
	const events = [
		runStarted({requirements: rows}),
		...rows.map((row) => passed(row)),
		{type: 'run-finished', at: runStarted().at, durationMs: 1, exitCode: 0} as const,
	];
	const {signal} = new AbortController();
	const version = programVersion();
	const waiting = await waitingCells(
		cells.map((cell) => ({cell, stamp: null})),
		{run, version, durations: new Map(), failed: new Set(), signal},
	);
	for (const {id, cell} of waiting.values()) {
		const directory = jobDirectory(path.join(place.directory, 'one'), id);
		await leaveCell(directory, recordOf(cell, {version}), events);
		const files = path.join(cellDirectory(directory, cell.id), 'run');
		await writeFile(
			path.join(files, 'console-ttyS0.log'),
			randomBytes(consoleBytes / 8)
				.toString('hex')
				.repeat(4),
		);
		await writeFile(path.join(files, 'capture.pcapng'), randomBytes(otherBytes));
	}

	// The worker comes when all cells wait: what is seen is its pace, not that of its start.
	const matrix = start(place, ['matrix', 'matrix.yaml', '--artifacts', 'night', '--queue', server.url]);
	await matrix.line(/^there is no worker/v);
	const at: number[] = [];
	const seen = matrix.line(/^✔ /v, count);
	const watch = async (): Promise<void> => {
		for (let index = 1; index <= count; index++) {
			await matrix.line(/^✔ /v, index);
			at.push(monotonicMs());
		}
	};
	const watching = watch();
	const worker = await startWorker(place, {name: 'one', url: server.url});
	await seen;
	await watching;
	await matrix.ended;
	worker.kill('SIGINT');
	await worker.ended;
	return at.slice(1).map((end, index) => end - (at[index] ?? end));
};

if (import.meta.main) {
	const ms = await queueOverhead(100);
	const sum = ms.reduce((total, one) => total + one, 0);
	console.log(
		`${ms.length} cells: ${(sum / ms.length).toFixed(1)} ms each, median ${median(ms).toFixed(1)}, most ${Math.max(...ms).toFixed(1)}`,
	);
}
