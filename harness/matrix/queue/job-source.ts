import {randomUUID} from 'node:crypto';
import {ErrorCode, type Job, Worker} from 'bullmq';
import {wallClockMs} from '../../core/clock.ts';
import {keys, needsOfQueue, prefix, serves} from './names.ts';
import {type QueueServer} from './server.ts';

/** A job that this worker holds: others leave it alone as long as its lock is renewed. */
export type HeldJob = {
	readonly id: string;
	readonly data: unknown;
	/** How often a worker was lost at it. */
	readonly stalls: number;
	/** Which try it is, from 1 on. */
	readonly attempt: number;
	readonly isLastAttempt: boolean;
	/** @returns whether it is held still */
	readonly renew: () => Promise<boolean>;
	/** It is over. What is no longer held is left alone, here and below. */
	readonly complete: () => Promise<void>;
	/** The host failed: another try. */
	readonly fail: (why: string) => Promise<void>;
	/** For others, at once. */
	readonly giveBack: () => Promise<void>;
	/** For others, after a while. */
	readonly postpone: (ms: number) => Promise<void>;
};

/** The queues that a worker serves. */
export type JobSource = AsyncDisposable & {
	/** @returns undefined where there is none just now */
	readonly take: () => Promise<HeldJob | undefined>;
	/** Looks for queues that came up. */
	readonly refresh: () => Promise<void>;
};

/** Above any number: how often is enough is decided where the matrix can be told. */
const maxStalledCount = 1_000_000;

/**
 * BullMQ's workers, one for each queue, from which jobs are fetched by hand: by itself each of them would take as many at once as all of
 * them together may have.
 * @param options.lostAfterMs without a sign of life for so long, a job is given to another worker
 */
export const openJobSource = (
	server: QueueServer,
	{labels, lostAfterMs}: {readonly labels: readonly string[]; readonly lostAfterMs: number},
): JobSource => {
	const {redis, ask, askAtLast} = server;
	const workers = new Map<string, Worker>();
	const options = {
		connection: redis,
		prefix,
		autorun: false,
		lockDuration: lostAfterMs,
		stalledInterval: lostAfterMs / 2,
		maxStalledCount,
	};
	return {
		async refresh() {
			const names = await ask(redis.smembers(keys.queues));
			for (const name of names) {
				if (serves(labels, name) && !workers.has(name)) {
					const worker = new Worker(name, null, options);
					// The connection's own errors are told where it was opened.
					worker.on('error', () => undefined);
					workers.set(name, worker);
					await ask(worker.startStalledCheckTimer());
				}
			}
		},
		async take() {
			// Who is needed for what few can do does that first.
			const ordered = [...workers].toSorted(([a], [b]) => needsOfQueue(b).length - needsOfQueue(a).length);
			for (const [, worker] of ordered) {
				const token = randomUUID();
				const job = (await ask(worker.getNextJob(token, {block: false}))) as Job | undefined;
				if (job !== undefined) {
					return heldJob(job, {token, lostAfterMs, server});
				}
			}

			return undefined;
		},
		async [Symbol.asyncDispose]() {
			// Each has a connection of its own. Where the server is gone there is nothing to close in order.
			const closed = workers.values().map(async (worker) => worker.close(true));
			await askAtLast(Promise.all(closed)).catch(() => undefined);
		},
	};
};

type Hold = {readonly token: string; readonly lostAfterMs: number; readonly server: QueueServer};

const heldJob = (job: Job, {token, lostAfterMs, server: {ask, askAtLast}}: Hold): HeldJob => ({
	id: job.id ?? '',
	data: job.data as unknown,
	stalls: job.stalledCounter,
	attempt: job.attemptsMade + 1,
	isLastAttempt: job.attemptsMade + 1 >= (job.opts.attempts ?? 1),
	renew: async () => (await ask(job.extendLock(token, lostAfterMs))) !== 0,
	complete: async () => unlessLost(ask(job.moveToCompleted(null, token, false))),
	fail: async (why) => unlessLost(ask(job.moveToFailed(new Error(why), token, false))),
	giveBack: async () => unlessLost(askAtLast(job.moveToWait(token))),
	postpone: async (ms) => unlessLost(ask(job.moveToDelayed(wallClockMs() + ms, token))),
});

/** Another worker has the lock, or the job is gone. */
const lost: ReadonlySet<unknown> = new Set([
	ErrorCode.JobNotExist,
	ErrorCode.JobLockNotExist,
	ErrorCode.JobNotInState,
	ErrorCode.JobLockMismatch,
]);

const unlessLost = async (done: Promise<unknown>): Promise<void> => {
	try {
		await done;
	} catch (error) {
		if (!(error instanceof Error && 'code' in error && lost.has(error.code))) {
			throw error;
		}
	}
};
