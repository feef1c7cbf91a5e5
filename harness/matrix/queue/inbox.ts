import {keys} from './names.ts';
import {type QueueServer} from './server.ts';

/** Messages of workers to one matrix. One that was taken and not done with is there again after a crash. */
export type Inbox = {
	/** Undefined where none came for a while. */
	readonly next: () => Promise<string | undefined>;
	readonly done: (message: string) => Promise<void>;
	readonly isEmpty: () => Promise<boolean>;
};

const waitSeconds = 0.5;

export const openInbox = ({redis, ask, another}: QueueServer, run: string): Inbox => {
	const blocking = another();
	const messages = keys.messages(run);
	const taken = keys.taken(run);
	return {
		async next() {
			const [again] = await ask(redis.lrange(taken, -1, -1));
			return again ?? (await ask(blocking.blmove(messages, taken, 'RIGHT', 'LEFT', waitSeconds))) ?? undefined;
		},
		async done(message) {
			await ask(redis.lrem(taken, -1, message));
		},
		async isEmpty() {
			return (await ask(redis.llen(messages))) === 0;
		},
	};
};
