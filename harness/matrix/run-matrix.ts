import PQueue from 'p-queue';
import {UsageError} from '../core/errors.ts';
import {atOnce} from '../runner/at-once.ts';
import {type Cell} from './cells.ts';
import {type Judging, type Outcome, outcomeOf, readableOutcome} from './outcome.ts';
import {type CellRecord, isFinished, stampOf} from './records.ts';
import {type RunCell, runCell} from './run-cell.ts';
import {type Durations, longestFirst} from './shard.ts';

export type RunMatrix = RunCell &
	WatchMatrix & {
		readonly jobs: number;
		/** Told when a cell begins. */
		readonly onBegin?: (cell: Cell) => void;
	};

export type WatchMatrix = Judging & {
	readonly version: string;
	readonly records: ReadonlyMap<string, CellRecord>;
	readonly durations: Durations;
	/** Told as soon as a cell is over; `kept` where an earlier run of the matrix had finished it. */
	readonly onOutcome: (outcome: Outcome, kept: boolean) => void;
};

/** A cell that is to be run, with its files as they are now. */
export type UnfinishedCell = {readonly cell: Cell; readonly stamp: string | null};

/**
 * Runs the cells that are not finished yet, the longest first.
 * @returns all of them, in the order given
 * @throws the signal's reason; what was finished until then is kept
 */
export const runMatrix = async (cells: readonly Cell[], options: RunMatrix): Promise<readonly Outcome[]> => {
	const {jobs, onOutcome, signal} = options;
	const {kept, left} = await sortOut(cells, options);
	const outcomes = new Map(kept);
	const queue = new PQueue({concurrency: jobs});
	// One that is interrupted ends them all; the others clear up by themselves.
	const work = inOrder(left, options).map(async ({cell}) =>
		queue.add(
			async () => {
				options.onBegin?.(cell);
				const outcome = await readableOutcome(await runCell(cell, options), options);
				outcomes.set(cell.id, outcome);
				onOutcome(outcome, false);
			},
			{signal},
		),
	);
	const ends = await Promise.allSettled(work);
	signal.throwIfAborted();
	const broken = ends.find((end) => end.status === 'rejected');
	if (broken !== undefined) {
		throw broken.reason;
	}

	return cells.flatMap(({id}) => outcomes.get(id) ?? []);
};

/** Parts what is finished, which is told, from what is to be run. */
export const sortOut = async (
	cells: readonly Cell[],
	options: WatchMatrix,
): Promise<{readonly kept: ReadonlyMap<string, Outcome>; readonly left: readonly UnfinishedCell[]}> => {
	const kept = new Map<string, Outcome>();
	const left: UnfinishedCell[] = [];
	for (const cell of cells) {
		const record = options.records.get(cell.id);
		const stamp = await stampOf(cell);
		const outcome = isFinished(record, {cell, version: options.version, stamp})
			? await keptOutcome(record, options)
			: undefined;
		if (outcome !== undefined) {
			kept.set(cell.id, outcome);
			options.onOutcome(outcome, true);
		} else {
			left.push({cell, stamp});
		}
	}

	return {kept, left};
};

/** Undefined where what it left cannot be read any more: it is run again. */
const keptOutcome = async (record: CellRecord, judging: Judging): Promise<Outcome | undefined> =>
	outcomeOf(record, judging).catch((error: unknown) => {
		if (error instanceof UsageError) {
			return undefined;
		}

		throw error;
	});

/** The longest first. What nobody has run yet may be the longest of all. */
export const inOrder = (
	left: readonly UnfinishedCell[],
	{durations}: {readonly durations: Durations},
): readonly UnfinishedCell[] =>
	longestFirst(left, {
		lengthOf: ({cell: {id}}) => durations.get(id) ?? Number.MAX_SAFE_INTEGER,
		idOf: ({cell: {id}}) => id,
	});

/** A machine of the profile has two processors; QEMU takes memory of its own beside its. */
export const cellsAtOnce = (): number => atOnce({processors: 2, mebibytes: 3072});
