import {readlink, rm} from 'node:fs/promises';
import path from 'node:path';
import {execa} from 'execa';
import {monotonicMs, wallClockMs} from '../core/clock.ts';
import {exitCodes} from '../core/errors.ts';
import {cellCommand} from './cell-command.ts';
import {type Cell} from './cells.ts';
import {cellVariable} from '../history/remember.ts';
import {makeDirectory} from '../report/make-directory.ts';
import {cellPage} from './report/matrix-html.ts';
import {type CellRecord, cellDirectory, stampOf, writeRecord} from './records.ts';

export type RunCell = {
	/** Of the whole matrix. */
	readonly directory: string;
	readonly version: string;
	readonly env: Readonly<Record<string, string | undefined>>;
	/** Whether the runs are kept in the history, and compared with it. */
	readonly history: boolean;
	readonly signal: AbortSignal;
};

/**
 * Runs a cell, and once more where the host fails: an emulator that breaks now and then is no finding. What the first try left stays
 * beside the second, for whoever wants to know why.
 * @throws the signal's reason, once its process has cleaned up
 */
export const runCell = async (cell: Cell, options: RunCell): Promise<CellRecord> => {
	const first = await tryCell(cell, options, 1);
	return first.exitCode === exitCodes.host ? tryCell(cell, options, 2) : first;
};

const program = path.join(import.meta.dirname, '../bootwright.js');
const lastWords = 4096;
/** The matrix tells GitHub and GitLab, not each of its cells. */
const untold = {GITHUB_ACTIONS: undefined, GITHUB_STEP_SUMMARY: undefined, GITLAB_CI: undefined};

/** Runs it once, as a process of its own, which ends with this one; its record is written last. @param attempts which try it is */
export const tryCell = async (
	cell: Cell,
	{directory, version, env, history, signal}: RunCell,
	attempts: number,
): Promise<CellRecord> => {
	signal.throwIfAborted();
	const place = cellDirectory(directory, cell.id);
	// Of a cell that was not finished, or is another one now; of the first try only what a second one writes anew.
	const old = attempts === 1 ? [place] : [path.join(place, cellPage)];
	await Promise.all(old.map(async (one) => rm(one, {recursive: true, force: true})));

	makeDirectory(place);
	const stamp = await stampOf(cell);
	const startedAt = wallClockMs();
	const began = monotonicMs();
	const [first, ...words] = cellCommand(cell);
	const {exitCode = exitCodes.host, stderr} = await execa(
		'setpriv',
		[
			'--pdeathsig',
			'TERM',
			'--',
			process.execPath,
			program,
			first,
			'--artifacts',
			place,
			'--html',
			path.join(place, cellPage),
			'--reporter',
			'none',
			...(history ? [] : ['--no-history']),
			...words,
		],
		{
			env: {...env, CI: 'true', [cellVariable]: cell.id, ...untold},
			extendEnv: false,
			stdin: 'ignore',
			stdout: 'ignore',
			reject: false,
			cancelSignal: signal,
			// It takes its machine down first.
			forceKillAfterDelay: false,
		},
	);
	signal.throwIfAborted();
	const record: CellRecord = {
		cell,
		version,
		stamp,
		exitCode,
		startedAt,
		durationMs: Math.round(monotonicMs() - began),
		attempts,
		run: await readlink(path.join(place, 'latest')).catch(() => null),
		words: stderr.slice(-lastWords),
	};
	await writeRecord(directory, record);
	return record;
};
