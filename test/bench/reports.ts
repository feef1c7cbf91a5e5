import {mkdtemp, rm} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {execa} from 'execa';
import {z} from 'zod';
import {row, shown} from './table.ts';

const program = path.join(import.meta.dirname, 'reports-run.ts');
const ofRun = z.object({firstMs: z.number(), againMs: z.number(), withConsoleBytes: z.number(), htmlBytes: z.number()});
const ofMatrix = z.object({cells: z.number(), ms: z.number(), peakMiB: z.number()});

const measure = async (...words: readonly string[]): Promise<unknown> =>
	JSON.parse((await execa(process.execPath, [program, ...words])).stdout);

/** What the reports of a run of all rows and of a matrix of 200 cells take. Of each round a process of its own. */
export const reportsTable = async (rounds: number): Promise<void> => {
	const directory = await mkdtemp(path.join(os.tmpdir(), 'bootwright-bench-'));
	try {
		await measure('prepare', directory);
		const runs: Array<z.infer<typeof ofRun>> = [];
		const matrices: Array<z.infer<typeof ofMatrix>> = [];
		for (let round = 0; round < rounds; round++) {
			runs.push(ofRun.parse(await measure('run')));
			matrices.push(ofMatrix.parse(await measure('matrix', directory)));
		}

		row(
			'all reports of a run of 64 rows, modules loaded too',
			`${shown(
				runs.map(({firstMs}) => firstMs),
				0,
			)} ms`,
			'≤ 300',
		);
		row(
			'  once more in the same process',
			`${shown(
				runs.map(({againMs}) => againMs),
				0,
			)} ms`,
		);
		row(
			'its page without consoles',
			`${shown(
				runs.map(({htmlBytes}) => htmlBytes / 1024),
				0,
			)} KiB`,
			'≤ 977 (1 MB)',
		);
		row(
			'  what a console of 200 KB adds',
			`${shown(runs.map((run) => (run.withConsoleBytes - run.htmlBytes) / 1024))} KiB`,
		);
		const {cells} = matrices[0] ?? {cells: 0};
		row(`all reports of a matrix of ${cells} cells`, `${shown(matrices.map(({ms}) => ms / 1000))} s`, '≤ 5');
		row(
			'  peak memory',
			`${shown(
				matrices.map(({peakMiB}) => peakMiB),
				0,
			)} MiB`,
			'≤ 300',
		);
	} finally {
		await rm(directory, {recursive: true});
	}
};

if (import.meta.main) {
	await reportsTable(Number(process.argv[2] ?? 3));
}
