import {inByteOrder} from '../../image/build/in-byte-order.ts';
import {z} from 'zod';
import {keys} from './names.ts';
import {type QueueServer} from './server.ts';

const presenceSchema = z.object({
	/** `HOST-PID`: unique as long as it lives. */
	id: z.string(),
	host: z.string(),
	labels: z.array(z.string()).readonly(),
	/** Cells at once. */
	jobs: z.int(),
	/** Bootwright's. */
	version: z.string(),
	/** Jobs that it is at. */
	hands: z.array(z.object({job: z.string(), cell: z.string()})).readonly(),
});

/** What a worker says of itself, again and again: it is gone when it has not for a while. */
export type Presence = z.infer<typeof presenceSchema>;

/** Those that live, by their ids in order. Ids of the others are forgotten. */
export const livingWorkers = async ({redis, ask}: QueueServer): Promise<readonly Presence[]> => {
	const ids = (await ask(redis.smembers(keys.workers))).toSorted(inByteOrder);
	if (ids.length === 0) {
		return [];
	}

	const texts = await ask(redis.mget(ids.map((id) => keys.worker(id))));
	const gone = ids.filter((_, index) => texts[index] === null);
	if (gone.length > 0) {
		await ask(redis.srem(keys.workers, ...gone));
	}

	return texts.flatMap((text) => {
		const presence = presenceSchema.safeParse(text === null ? undefined : parsed(text));
		return presence.success ? [presence.data] : [];
	});
};

const parsed = (text: string): unknown => {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
};

/** Says it for `forMs` more. */
export const sayPresence = async (
	{redis, ask}: QueueServer,
	{presence, forMs}: {readonly presence: Presence; readonly forMs: number},
): Promise<void> => {
	await ask(
		redis
			.multi()
			.sadd(keys.workers, presence.id)
			.set(keys.worker(presence.id), JSON.stringify(presence), 'PX', forMs)
			.exec(),
	);
};

export const endPresence = async ({redis, askAtLast}: QueueServer, id: string): Promise<void> => {
	await askAtLast(redis.multi().srem(keys.workers, id).del(keys.worker(id)).exec());
};
