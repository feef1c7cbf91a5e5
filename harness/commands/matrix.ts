import path from 'node:path';
import {wallClockMs} from '../core/clock.ts';
import {UsageError} from '../core/errors.ts';
import {seconds} from '../core/deadline.ts';
import {quoteShell} from '../core/shell-quote.ts';
import {tryLock} from '../image/build/lock.ts';
import {filesOfCell} from '../matrix/cell-files.ts';
import {type Cell, cellsOf} from '../matrix/cells.ts';
import {chooseCells} from '../matrix/choose-cells.ts';
import {checkCells} from '../matrix/check-cells.ts';
import {lockIn, openMatrixFolder, recordsOfFolders} from '../matrix/matrix-folder.ts';
import {readMatrix} from '../matrix/matrix-file.ts';
import {type Outcome} from '../matrix/outcome.ts';
import {type QueueAddress, queueAddress} from '../matrix/queue/address.ts';
import {type CellRecord, durationsOf} from '../matrix/records.ts';
import {cellLine} from '../matrix/report/grid-lines.ts';
import {type MatrixFiles, beside} from '../matrix/report/matrix-files.ts';
import {matrixProgress} from '../matrix/report/matrix-progress.ts';
import {type WatchMatrix, cellsAtOnce, runMatrix} from '../matrix/run-matrix.ts';
import {type Shard, cellsOfShard, durationsDigest} from '../matrix/shard.ts';
import {programVersion} from '../program/program-version.ts';
import {checkReportFiles} from '../report/files/check-report-files.ts';
import {sectionEnd, sectionStart} from '../report/gitlab-sections.ts';
import {type Layout, layoutOf} from '../report/layout.ts';
import {liveLine} from '../report/live-line.ts';
import {printable} from '../report/printable.ts';
import {makeGivenDirectory, makeMatrixDirectory} from '../report/run-directory.ts';
import {wantsColor} from '../report/wants-color.ts';
import {type CommandContext} from './command.ts';
import {openGithubStep} from './in-github.ts';
import {earlierRecords, recordsToGoOnWith} from './matrix-records.ts';
import {tellMatrix} from './tell-matrix.ts';

type Options = MatrixFiles & {
	readonly shard?: Shard;
	readonly cell: readonly string[];
	readonly tag: readonly string[];
	readonly jobs?: number;
	readonly artifacts?: string;
	readonly durations?: string;
	readonly list: boolean;
	/** False: nothing is kept in the history, or compared with it. */
	readonly history: boolean;
	readonly queue?: string;
	readonly queueWait: number;
};

/** `bootwright matrix FILE`: runs what is not finished yet; the worst exit code of all its cells, without what is known. */
export const run = async (context: CommandContext, options: Options, file: string): Promise<number> => {
	const {stdout, stderr, env, signal} = context;
	const {shard, list} = options;
	if (options.queue !== undefined && options.jobs !== undefined) {
		throw new UsageError('--jobs is for the cells of this machine; with --queue each worker has its own');
	}

	if (options.queue !== undefined && !options.history) {
		throw new UsageError('--no-history is for the cells of this machine; with --queue give it to the workers');
	}

	const address = options.queue === undefined ? undefined : queueAddress(options.queue, env);
	const matrix = await readMatrix(file);
	const whole = cellsOf(matrix);
	const folders = recordsOfFolders([options.artifacts, options.durations].filter((one) => one !== undefined));
	await checkReportFiles(options, {
		artifacts: options.artifacts,
		inputs: [file, ...whole.flatMap(filesOfCell), ...folders.inputs],
		records: folders.records,
		written: options.artifacts === undefined ? options : beside(options.artifacts, options),
	});
	await checkCells(whole, matrix.known);
	const all = chooseCells(whole, options);
	const earlier = await earlierRecords(options.durations, {cells: whole, context});
	const durations = durationsOf(earlier);
	const cells = shard === undefined ? all : cellsOfShard(all, {shard, durations});
	if (list) {
		stdout.write(cells.map((cell) => `${cell.id}${took(durations.get(cell.id))}\n`).join(''));
		return 0;
	}

	const directory = path.resolve(options.artifacts ?? (await makeMatrixDirectory(file, {at: wallClockMs(), env})));
	if (options.artifacts === undefined) {
		// Now, not at the end: it is needed after an early one.
		stderr.write(`To go on where this ends early: --artifacts ${quoteShell(directory)}\n`);
	}

	makeGivenDirectory(directory);
	await using lock = await tryLock(lockIn(directory));
	if (lock === undefined) {
		throw new UsageError(`Another matrix is run in ${directory}`, {
			hint: 'Wait for its end, or give another directory with --artifacts DIR.',
		});
	}

	const version = programVersion();
	await openMatrixFolder(directory, {
		version,
		matrix,
		...(shard === undefined
			? {shard: null, durations: null}
			: {shard: `${shard.index}/${shard.count}`, durations: durationsDigest(whole, durations)}),
	});
	const records = await recordsToGoOnWith(directory, {cells, version, context});
	const layout = (): Layout => layoutOf({width: stdout.columns, color: wantsColor(stdout, env)});
	const github = openGithubStep(context, {speaks: true});
	const isFolded = env['GITLAB_CI'] === 'true';
	if (isFolded) {
		stdout.write(sectionStart(cellsSection, `${cells.length} cells`, wallClockMs()));
	}

	const progress = matrixProgress(cells.length, durations);
	const live = liveLine(stdout, () => progress.text(wallClockMs()));
	const watch = {
		directory,
		version,
		known: matrix.known,
		today: todayOf(wallClockMs()),
		records,
		durations,
		onOutcome(outcome: Outcome, kept: boolean) {
			progress.ends(outcome.cell.id);
			live.print(cellLine(outcome, layout(), {kept}));
		},
	};
	const run =
		address === undefined
			? runMatrix(cells, {
					...watch,
					env,
					signal,
					history: options.history,
					jobs: options.jobs ?? cellsAtOnce(),
					onBegin: ({id}) => progress.begins(id, wallClockMs()),
				})
			: viaQueue(cells, {
					...watch,
					address,
					patienceMs: options.queueWait * 1000,
					name: path.basename(file),
					earlier,
					// A line on the same terminal has to leave the last one alone.
					onNote: stdout.isTTY && stderr.isTTY ? live.print : (line) => stderr.write(line),
					signal,
				});
	const outcomes = await run
		.finally(() => live.end())
		.catch(async (error: unknown) => {
			await github.finish([]);
			throw error;
		});
	if (isFolded) {
		stdout.write(sectionEnd(cellsSection, wallClockMs()));
	}

	const files = beside(directory, options);
	return await tellMatrix({outcomes, known: matrix.known, files, layout: layout(), directory, stdout, github});
};

/** Of a job's log: an interrupted one ends with the job. */
const cellsSection = 'bootwright_cells';

type ViaQueue = WatchMatrix & {
	readonly address: QueueAddress;
	readonly patienceMs: number;
	/** Of the matrix, for people. */
	readonly name: string;
	/** An earlier night. */
	readonly earlier: ReadonlyMap<string, CellRecord>;
	/** Takes whole lines. */
	readonly onNote: (text: string) => void;
	readonly signal: AbortSignal;
};

const viaQueue = async (
	cells: readonly Cell[],
	{address, patienceMs, name, earlier, onNote, signal, ...watch}: ViaQueue,
): Promise<readonly Outcome[]> => {
	const {runThroughQueue} = await import('../matrix/queue/run-through-queue.ts');
	return runThroughQueue(cells, {
		...watch,
		address,
		patienceMs,
		name,
		failed: new Set(earlier.keys().filter((id) => earlier.get(id)?.exitCode !== 0)),
		onNote: (line) => onNote(`${printable(line, 2000)}\n`),
		signal,
	});
};

/** UTC: a known issue ends everywhere at once. */
export const todayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

const took = (ms: number | undefined): string => (ms === undefined ? '' : `  ${seconds(ms)}`);
