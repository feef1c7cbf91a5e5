import {inOrder, type UnfinishedCell} from '../run-matrix.ts';
import {type Durations} from '../shard.ts';
import {type CellJob, jobIdOf} from './cell-job.ts';
import {digestsOf} from './digests.ts';
import {needsOf, queueOf} from './names.ts';

/** A cell whose result is waited for. */
export type WaitingCell = UnfinishedCell & {
	/** Id of its job. */
	readonly id: string;
	readonly job: CellJob;
	readonly queue: string;
	/** BullMQ's: 1 is taken first. */
	readonly priority: number;
	/** Why workers refuse it, by their ids. */
	readonly refusals: Map<string, string>;
};

type Options = {
	readonly run: string;
	readonly version: string;
	readonly durations: Durations;
	/** Ids of cells that went wrong last time: who waits for the night wants to know of them first. */
	readonly failed: ReadonlySet<string>;
	readonly signal: AbortSignal;
};

/** BullMQ takes no larger number. */
const lastPriority = 2 ** 21;

/** What failed last time comes first, then the longest. @returns by the ids of their jobs */
export const waitingCells = async (
	left: readonly UnfinishedCell[],
	{run, version, durations, failed, signal}: Options,
): Promise<ReadonlyMap<string, WaitingCell>> => {
	const ordered = inOrder(left, {durations}).toSorted(
		(a, b) => Number(failed.has(b.cell.id)) - Number(failed.has(a.cell.id)),
	);
	const waiting: WaitingCell[] = [];
	for (const [index, {cell, stamp}] of ordered.entries()) {
		const job = {run, cell, version, digests: await digestsOf(cell, signal)};
		const priority = Math.min(index + 1, lastPriority);
		waiting.push({cell, stamp, id: jobIdOf(job), job, queue: queueOf(needsOf(cell)), priority, refusals: new Map()});
	}

	return new Map(waiting.map((one) => [one.id, one]));
};
