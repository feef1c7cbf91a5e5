import {inByteOrder} from '../../image/build/in-byte-order.ts';
import {Queue} from 'bullmq';
import {keys, needsOfQueue, prefix, jobKey} from './names.ts';
import {type QueueServer} from './server.ts';
import {type Presence, livingWorkers} from './workers.ts';

export type QueueStatus = {
	/** By the labels that their cells need. `stalled`: of the active ones, those whose worker has not been heard of. */
	readonly queues: ReadonlyArray<{
		readonly needs: readonly string[];
		readonly waiting: number;
		readonly postponed: number;
		readonly active: number;
		readonly stalled: number;
	}>;
	readonly runs: ReadonlyArray<{
		readonly id: string;
		readonly name: string;
		readonly host: string;
		readonly cells: number;
		/** Of those that this start of the matrix has given to workers. */
		readonly finished: number;
		/** Whether its command waits for them. */
		readonly watched: boolean;
	}>;
	readonly workers: readonly Presence[];
};

export const queueStatus = async (server: QueueServer): Promise<QueueStatus> => {
	const {redis, ask} = server;
	const names = (await ask(redis.smembers(keys.queues))).toSorted(inByteOrder);
	const ids = (await ask(redis.smembers(keys.runs))).toSorted(inByteOrder);
	const queues = [];
	for (const name of names) {
		queues.push(await statusOf(name, server));
	}

	const runs = [];
	for (const id of ids) {
		const {name, host, cells} = await ask(redis.hgetall(keys.run(id)));
		if (name !== undefined && host !== undefined) {
			runs.push({
				id,
				name,
				host,
				cells: Number(cells),
				finished: await ask(redis.scard(keys.settled(id))),
				watched: (await ask(redis.exists(keys.watched(id)))) === 1,
			});
		}
	}

	return {queues, runs, workers: await livingWorkers(server)};
};

const statusOf = async (name: string, {redis, ask}: QueueServer): Promise<QueueStatus['queues'][number]> => {
	const queue = new Queue(name, {connection: redis, prefix});
	queue.on('error', () => undefined);
	const {wait = 0, prioritized = 0, delayed = 0} = await ask(queue.getJobCounts('wait', 'prioritized', 'delayed'));
	const active = await ask(queue.getActive());
	const locks = await ask(Promise.all(active.map(async ({id = ''}) => redis.exists(`${jobKey(name, id)}:lock`))));
	return {
		needs: needsOfQueue(name),
		waiting: wait + prioritized,
		postponed: delayed,
		active: active.length,
		stalled: locks.filter((there) => there === 0).length,
	};
};
