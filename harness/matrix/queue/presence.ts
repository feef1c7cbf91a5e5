import {type Presence, endPresence, livingWorkers, sayPresence} from './workers.ts';
import {type QueueServer} from './server.ts';

/** A worker as others see it. */
export type OpenPresence = {
	/** Says it now. */
	readonly say: () => Promise<void>;
	readonly begin: (hand: Presence['hands'][number]) => void;
	readonly finish: (job: string) => void;
	/** Whether another worker that lives is at a job. */
	readonly isElsewhere: (job: string) => Promise<boolean>;
	readonly end: () => Promise<void>;
};

export const openPresence = (
	server: QueueServer,
	{self, forMs}: {readonly self: Omit<Presence, 'hands'>; readonly forMs: number},
): OpenPresence => {
	const hands = new Map<string, string>();
	return {
		say: async () =>
			sayPresence(server, {
				presence: {...self, hands: [...hands].map(([job, cell]) => ({job, cell}))},
				forMs,
			}),
		begin({job, cell}) {
			hands.set(job, cell);
		},
		finish(job) {
			hands.delete(job);
		},
		async isElsewhere(job) {
			const workers = await livingWorkers(server);
			return workers.some(({id, hands: theirs}) => id !== self.id && theirs.some((hand) => hand.job === job));
		},
		end: async () => endPresence(server, self.id),
	};
};
