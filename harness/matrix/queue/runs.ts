import {randomBytes} from 'node:crypto';
import {readFile} from 'node:fs/promises';
import path from 'node:path';
import {z} from 'zod';
import {UsageError} from '../../core/errors.ts';
import {whyInvalid} from '../../core/why-invalid.ts';
import {writeWhole} from '../../report/write-whole.ts';
import {keys} from './names.ts';
import {type QueueServer} from './server.ts';

const idFile = 'queue.json';
const idSchema = z.object({run: z.string().regex(/^[\da-f]{16}$/v)});

/**
 * By which workers know the matrix in a directory, also after it was ended and started again.
 * @throws UsageError where the file is none of this version
 */
export const runIdOf = async (directory: string): Promise<{readonly id: string; readonly resumed: boolean}> => {
	const file = path.join(directory, idFile);
	const text = await readFile(file, 'utf8').catch(() => undefined);
	if (text !== undefined) {
		try {
			return {id: idSchema.parse(JSON.parse(text)).run, resumed: true};
		} catch (error) {
			throw new UsageError(`${file} is none of this version: ${whyInvalid(error)}`, {cause: error});
		}
	}

	const run = randomBytes(8).toString('hex');
	await writeWhole(file, `${JSON.stringify({run})}\n`);
	return {id: run, resumed: false};
};

/** What a matrix says of itself on the server. */
export type QueuedRun = {
	readonly id: string;
	readonly name: string;
	readonly host: string;
	readonly cells: number;
};

/** What nobody has asked for in a week is gone by itself. */
export const keptSeconds = 7 * 86_400;

/**
 * Makes a run known, or known again where the server has lost it.
 * @param settled jobs whose results are written down
 * @returns whether the server did not know it
 */
export const registerRun = async (
	{redis, ask}: QueueServer,
	{
		run: {id, ...run},
		queues,
		settled,
	}: {
		readonly run: QueuedRun;
		readonly queues: readonly string[];
		readonly settled: readonly string[];
	},
): Promise<boolean> => {
	// Another word than before tells workers that what they had sent may be lost.
	const fresh = await ask(redis.hsetnx(keys.run(id), 'epoch', randomBytes(8).toString('hex')));
	const step = redis.multi().hset(keys.run(id), run).expire(keys.run(id), keptSeconds).sadd(keys.runs, id);
	if (queues.length > 0) {
		step.sadd(keys.queues, ...queues);
	}

	if (fresh === 1 && settled.length > 0) {
		step.sadd(keys.settled(id), ...settled);
	}

	await ask(step.expire(keys.settled(id), keptSeconds).set(keys.watched(id), '', 'PX', watchedMs).exec());
	return fresh === 1;
};

/** Its results are kept, and nobody waits for them. */
export const pauseRun = async ({redis, ask}: QueueServer, id: string): Promise<void> => {
	await ask(redis.multi().srem(keys.runs, id).del(keys.watched(id)).exec());
};

/** Nothing of it is left but what tells a late worker that its result is there already. */
export const forgetRun = async ({redis, ask}: QueueServer, id: string): Promise<void> => {
	await ask(
		redis.multi().srem(keys.runs, id).del(keys.run(id), keys.watched(id), keys.messages(id), keys.taken(id)).exec(),
	);
};

/** A matrix that has not said for so long that it is there has ended. */
const watchedMs = 10_000;

/** Runs with the word that changes when the server has lost them. */
export const knownRuns = async ({redis, ask}: QueueServer): Promise<ReadonlyMap<string, string>> => {
	const ids = await ask(redis.smembers(keys.runs));
	const epochs = await Promise.all(ids.map(async (id) => [id, await ask(redis.hget(keys.run(id), 'epoch'))] as const));
	return new Map(epochs.flatMap(([id, epoch]) => (epoch === null ? [] : [[id, epoch] as const])));
};
