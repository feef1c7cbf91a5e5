import {Queue} from 'bullmq';
import {type QueueServer} from './server.ts';
import {jobKey, prefix} from './names.ts';
import {type WaitingCell} from './waiting-cells.ts';

type Place = Pick<WaitingCell, 'id' | 'queue'>;

/** The matrix's side of the queues. */
export type CellQueues = {
	/** One that is there already stays as it is. */
	readonly add: (cells: readonly WaitingCell[]) => Promise<void>;
	/** One that a worker is at stays. */
	readonly remove: (cells: readonly Place[]) => Promise<void>;
	/** Those that are in no queue. */
	readonly missing: <Cell extends Place>(cells: readonly Cell[]) => Promise<readonly Cell[]>;
};

/** A cell on which a host fails is given to a worker once more. */
const attempts = 2;
/** Nobody reads BullMQ's own events here. */
const streams = {events: {maxLen: 100}};

export const openCellQueues = ({redis, ask}: QueueServer): CellQueues => {
	const queues = new Map<string, Queue>();
	const queueCalled = (name: string): Queue => {
		const queue = queues.get(name) ?? new Queue(name, {connection: redis, prefix, streams});
		if (!queues.has(name)) {
			// The connection's own errors are told where it was opened.
			queue.on('error', () => undefined);
			queues.set(name, queue);
		}

		return queue;
	};

	return {
		async add(cells) {
			const groups = Map.groupBy(cells, ({queue}) => queue);
			for (const [name, group] of groups) {
				await ask(
					queueCalled(name).addBulk(
						group.map(({id, cell, job, priority}) => ({
							name: cell.id,
							data: job,
							opts: {jobId: id, priority, attempts, removeOnComplete: true, removeOnFail: true},
						})),
					),
				);
			}
		},
		async remove(cells) {
			await Promise.all(cells.map(async ({id, queue}) => ask(queueCalled(queue).remove(id))));
		},
		async missing(cells) {
			const step = redis.pipeline();
			for (const {id, queue} of cells) {
				step.exists(jobKey(queue, id));
			}

			const answers = (await ask(step.exec())) ?? [];
			return cells.filter((_, index) => answers[index]?.[1] === 0);
		},
	};
};
