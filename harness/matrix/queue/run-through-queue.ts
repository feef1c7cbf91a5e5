import os from 'node:os';
import {type Cell} from '../cells.ts';
import {type Outcome} from '../outcome.ts';
import {type QueueAddress} from './address.ts';
import {type RunQueued, runQueued} from './run-queued.ts';
import {runIdOf} from './runs.ts';
import {openQueueServer} from './server.ts';

type Options = Omit<RunQueued, 'server' | 'run' | 'resumed'> & {
	readonly address: QueueAddress;
	readonly patienceMs: number;
	/** Of the matrix, for people. */
	readonly name: string;
	readonly signal: AbortSignal;
};

/** Like runMatrix, by the workers of a queue. @throws HostError where its server cannot be reached, or went away for too long */
export const runThroughQueue = async (cells: readonly Cell[], options: Options): Promise<readonly Outcome[]> => {
	const {address, patienceMs, name, onNote, signal, directory} = options;
	using server = await openQueueServer(address, {patienceMs, onNote, signal});
	const {id, resumed} = await runIdOf(directory);
	return await runQueued(cells, {...options, server, resumed, run: {id, name, host: os.hostname()}});
};
