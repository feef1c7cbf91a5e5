import {openCellQueues} from './cell-queues.ts';
import {pauseRun} from './runs.ts';
import {type QueueServer} from './server.ts';
import {type WaitingCell} from './waiting-cells.ts';

/**
 * Takes what waits out of the queues, as nobody waits for it any more. What workers are at goes on, and its results are kept for the next start.
 * @returns what became of it, in words
 */
export const takeBack = async (
	waiting: readonly WaitingCell[],
	{server, run}: {readonly server: QueueServer; readonly run: string},
): Promise<string> => {
	const atLast = {...server, ask: server.askAtLast};
	const queues = openCellQueues(atLast);
	try {
		await queues.remove(waiting);
		const gone = new Set(await queues.missing(waiting));
		await pauseRun(atLast, run);
		const atWork = waiting.filter((cell) => !gone.has(cell)).map(({cell}) => cell.id);
		return atWork.length === 0
			? 'what waited was taken out of the queue'
			: `what waited was taken out of the queue; workers finish ${atWork.join(', ')}, and the same command takes up what comes of it`;
	} catch {
		return 'the queue keeps what waits in it; the same command takes up what comes of it';
	}
};
