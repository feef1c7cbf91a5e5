import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {execa} from 'execa';
import {monotonicMs} from '../../harness/core/clock.ts';
import {type RunEvent} from '../../harness/core/events.ts';
import {readRecords} from '../../harness/matrix/records.ts';
import {median, row, shown} from './table.ts';

const program = path.resolve(import.meta.dirname, '../../harness/bootwright.js');
/** Short ones, so that what the matrix adds to a cell is not lost in the noise of the cell. */
const scenarios = ['scsi', 'pci', 'kernel', 'sysctl'];

/**
 * What a matrix adds to its cells: its own time, less that of the runs by their own logs (QEMU and what judges it).
 * @param cellSeconds of a usual cell, all rows on a cached machine
 */
export const matrixTable = async (rounds: number, cellSeconds: number): Promise<void> => {
	const directory = await mkdtemp(path.join(os.tmpdir(), 'bootwright-bench-'));
	try {
		const file = path.join(directory, 'matrix.yaml');
		const sets = scenarios.map((name) => `  - {name: ${name}, only: [${name}]}`);
		await writeFile(file, ['images: [ref:debian-12]', 'sets:', ...sets, ''].join('\n'));
		const added: number[] = [];
		// The first one boots the machine of which the others have copies.
		for (let round = 0; round <= rounds; round++) {
			const place = path.join(directory, String(round));
			const startedAt = monotonicMs();
			const args = ['matrix', file, '--artifacts', place, '--jobs', '1', '--no-history'];
			await execa(process.execPath, [program, ...args], {reject: false});
			const whole = monotonicMs() - startedAt;
			if (round > 0) {
				added.push((whole - (await ofRuns(place))) / scenarios.length);
			}
		}

		const share = (median(added) / 1000 / cellSeconds) * 100;
		row('what a matrix adds to a cell', `${shown(added, 0)} ms`);
		row(`  share of a cell of ${cellSeconds.toFixed(0)} s`, `${share.toFixed(1)} %`, '≤ 5 %');
	} finally {
		await rm(directory, {recursive: true});
	}
};

/** Milliseconds. */
const ofRuns = async (place: string): Promise<number> => {
	const {records} = await readRecords(place);
	const durations = await Promise.all(
		records.values().map(async ({cell, run}) => {
			const log = await readFile(path.join(place, 'cells', cell.id, run ?? '', 'events.jsonl'), 'utf8');
			const last = JSON.parse(log.trimEnd().split('\n').at(-1) ?? '') as RunEvent;
			return last.type === 'run-finished' ? last.durationMs : NaN;
		}),
	);
	return durations.reduce((sum, one) => sum + one, 0);
};

if (import.meta.main) {
	await matrixTable(Number(process.argv[2] ?? 3), 45);
}
