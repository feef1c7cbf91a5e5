import {monotonicMs} from '../../core/clock.ts';
import {whyInvalid} from '../../core/why-invalid.ts';
import {type Cell} from '../cells.ts';
import {type Outcome, missingOutcome} from '../outcome.ts';
import {type WatchMatrix, sortOut} from '../run-matrix.ts';
import {openCellQueues} from './cell-queues.ts';
import {openInbox} from './inbox.ts';
import {lostCells} from './lost-cells.ts';
import {type Message, parseMessage} from './messages.ts';
import {keys} from './names.ts';
import {refusedCells, unservedLines} from './refused-cells.ts';
import {type QueuedRun, forgetRun, registerRun} from './runs.ts';
import {type QueueServer} from './server.ts';
import {settle} from './settle.ts';
import {takeBack} from './take-back.ts';
import {type WaitingCell, waitingCells} from './waiting-cells.ts';
import {livingWorkers} from './workers.ts';

export type RunQueued = WatchMatrix & {
	readonly server: QueueServer;
	readonly run: Omit<QueuedRun, 'cells'>;
	/** Whether workers may know of this run already. */
	readonly resumed: boolean;
	/** Ids of cells that went wrong last time. */
	readonly failed: ReadonlySet<string>;
	/** What people should know meanwhile. */
	readonly onNote: (line: string) => void;
};

/** Between two looks at workers and queues. */
const lookMs = 1000;

/**
 * Has the cells that are not finished yet run by workers, and writes down what they send. What a queue loses is put into it again.
 * @returns all cells, in the order given
 * @throws the reason of the server's signal: what waits is taken out of the queue then, what is finished is kept
 */
export const runQueued = async (cells: readonly Cell[], options: RunQueued): Promise<readonly Outcome[]> => {
	const {server, run, onOutcome, onNote} = options;
	const {kept, left} = await sortOut(cells, options);
	const outcomes = new Map(kept);
	const waiting = new Map(await waitingCells(left, {...options, run: run.id, signal: server.signal}));
	const onEnd = ({id}: WaitingCell, outcome: Outcome): void => {
		waiting.delete(id);
		outcomes.set(outcome.cell.id, outcome);
		onOutcome(outcome, false);
	};
	try {
		await waitForAll(waiting, {...options, all: cells.length, onEnd, onNote: once(onNote)});
	} catch (error) {
		onNote(await takeBack(waiting.values().toArray(), {server, run: run.id}));
		throw error;
	}

	return cells.flatMap(({id}) => outcomes.get(id) ?? []);
};

type Wait = RunQueued & {
	/** How many cells the matrix has. */
	readonly all: number;
	/** Takes it out of those that are waited for. */
	readonly onEnd: (cell: WaitingCell, outcome: Outcome) => void;
};

const waitForAll = async (waiting: ReadonlyMap<string, WaitingCell>, options: Wait): Promise<void> => {
	const {server, run, resumed, all, onEnd, onNote} = options;
	const inbox = openInbox(server, run.id);
	const queues = openCellQueues(server);
	const lost = lostCells({waiting, queues, inbox, resumed});
	const refused = refusedCells(waiting);
	const known = {run: {...run, cells: all}, queues: [...new Set(waiting.values().map(({queue}) => queue))]};
	const settled = new Set<string>();

	const end = async (cell: WaitingCell, outcome: Outcome): Promise<void> => {
		settled.add(cell.id);
		await server.ask(server.redis.sadd(keys.settled(run.id), cell.id));
		await queues.remove([cell]);
		onEnd(cell, outcome);
	};

	const look = async (): Promise<void> => {
		const forgotten = await registerRun(server, {...known, settled: [...settled]});
		const workers = await livingWorkers(server);
		await lost({forgotten});
		for (const {cell, why} of refused(workers)) {
			await end(cell, missingOutcome(cell.cell, why));
		}

		for (const line of unservedLines(waiting, workers)) {
			onNote(line);
		}
	};

	const hear = async (message: Message): Promise<void> => {
		const cell = waiting.get(message.job);
		if (cell === undefined) {
			// Its result is there already.
			return;
		}

		switch (message.type) {
			case 'finished': {
				await end(cell, await settle(cell, {message, judging: options}));
				break;
			}

			case 'refused': {
				cell.refusals.set(message.worker, message.why);
				onNote(`worker ${message.worker} refuses ${cell.cell.id}: ${message.why}`);
				break;
			}

			case 'given-up': {
				await end(cell, missingOutcome(cell.cell, message.why));
				break;
			}
		}
	};

	if (waiting.size > 0) {
		// What was settled before this start, and is among these, is to be run again.
		await server.ask(server.redis.srem(keys.settled(run.id), ...waiting.keys()));
	}

	let lookedAt = -Infinity;
	while (waiting.size > 0) {
		if (monotonicMs() - lookedAt >= lookMs) {
			lookedAt = monotonicMs();
			await look();
		}

		const text = await inbox.next();
		if (text !== undefined) {
			const message = read(text, onNote);
			if (message !== undefined) {
				await hear(message);
			}

			await inbox.done(text);
		}
	}

	await forgetRun(server, run.id);
};

const read = (text: string, onNote: (line: string) => void): Message | undefined => {
	try {
		return parseMessage(text);
	} catch (error) {
		onNote(`A message in the queue is none of this version: ${whyInvalid(error).slice(0, 300)}`);
		return undefined;
	}
};

const once = (onNote: (line: string) => void): ((line: string) => void) => {
	const told = new Set<string>();
	return (line) => {
		if (!told.has(line)) {
			told.add(line);
			onNote(line);
		}
	};
};
