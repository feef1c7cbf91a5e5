import PQueue from 'p-queue';
import {atOnce} from '../runner/at-once.ts';
import {type Cell} from './cells.ts';
import {type Judging, type Outcome, outcomeOf} from './outcome.ts';
import {type CellRecord, isFinished, stampOf} from './records.ts';
import {type RunCell, runCell} from './run-cell.ts';
import {type Durations, longestFirst} from './shard.ts';

export type RunMatrix = RunCell &
	Judging & {
		readonly records: ReadonlyMap<string, CellRecord>;
		readonly durations: Durations;
		readonly jobs: number;
		/** Told as soon as a cell is over; `kept` where an earlier run of the matrix had finished it. */
		readonly onOutcome: (outcome: Outcome, kept: boolean) => void;
	};

/**
 * Runs the cells that are not finished yet, the longest first.
 * @returns all of them, in the order given
 * @throws the signal's reason; what was finished until then is kept
 */
export const runMatrix = async (cells: readonly Cell[], options: RunMatrix): Promise<readonly Outcome[]> => {
	const {records, durations, jobs, onOutcome, version, signal} = options;
	const outcomes = new Map<string, Outcome>();
	const tell = (outcome: Outcome, kept: boolean): void => {
		outcomes.set(outcome.cell.id, outcome);
		onOutcome(outcome, kept);
	};
	const left: Cell[] = [];
	for (const cell of cells) {
		const record = records.get(cell.id);
		const stamp = await stampOf(cell.image);
		if (isFinished(record, {cell, version, stamp})) {
			tell(await outcomeOf(record, options), true);
		} else {
			left.push(cell);
		}
	}

	const queue = new PQueue({concurrency: jobs});
	// What nobody has run yet may be the longest of all.
	const lengthOf = ({id}: Cell): number => durations.get(id) ?? Number.MAX_SAFE_INTEGER;
	// One that is interrupted ends them all; the others clear up by themselves.
	const work = longestFirst(left, lengthOf).map(async (cell) =>
		queue.add(
			async () => {
				tell(await outcomeOf(await runCell(cell, options), options), false);
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

/** A machine of the profile has two processors; QEMU takes memory of its own beside its. */
export const cellsAtOnce = (): number => atOnce({processors: 2, mebibytes: 3072});
