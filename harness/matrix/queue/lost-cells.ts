import {monotonicMs} from '../../core/clock.ts';
import {type CellQueues} from './cell-queues.ts';
import {type Inbox} from './inbox.ts';
import {type WaitingCell} from './waiting-cells.ts';

/** Between two looks for cells that no queue has. */
const searchMs = 5000;
/** Workers that have a result have sent it again by then. One that another worker is at is postponed by whoever takes it. */
const graceMs = 3000;

type Options = {
	readonly waiting: ReadonlyMap<string, WaitingCell>;
	readonly queues: CellQueues;
	readonly inbox: Inbox;
	/** Whether workers may know of the cells already. */
	readonly resumed: boolean;
};

/**
 * Puts cells that no queue has into theirs: those of a new run at once, and those that were lost after a while, as workers may have their results.
 * @returns what is called again and again; `forgotten` where the server has just lost all
 */
export const lostCells = ({
	waiting,
	queues,
	inbox,
	resumed,
}: Options): ((now: {readonly forgotten: boolean}) => Promise<void>) => {
	let searchedAt = monotonicMs();
	/** Since when no queue has it. */
	let absent: ReadonlyMap<string, number> = new Map(
		waiting.keys().map((id) => [id, resumed ? searchedAt : -Infinity] as const),
	);
	return async ({forgotten}) => {
		if (!forgotten && absent.size === 0 && monotonicMs() - searchedAt < searchMs) {
			return;
		}

		searchedAt = monotonicMs();
		const missing = await queues.missing(waiting.values().toArray());
		absent = new Map(missing.map(({id}) => [id, absent.get(id) ?? searchedAt]));
		const due = missing.filter(({id}) => searchedAt - (absent.get(id) ?? Infinity) >= graceMs);
		// A result that is on its way needs no other.
		if (due.length > 0 && (await inbox.isEmpty())) {
			await queues.add(due);
			const put = new Set(due.map(({id}) => id));
			absent = new Map(absent.entries().filter(([id]) => !put.has(id)));
		}
	};
};
