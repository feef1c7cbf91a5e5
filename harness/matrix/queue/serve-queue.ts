import {pollPause} from '../../core/clock.ts';
import {forgetOldResults, heldResults} from './held-results.ts';
import {type JobSource, openJobSource} from './job-source.ts';
import {keys} from './names.ts';
import {openPresence} from './presence.ts';
import {knownRuns} from './runs.ts';
import {type WorkOnJob, sendResult, workOnJob} from './work-on-job.ts';

export type ServeQueue = Omit<WorkOnJob, 'presence' | 'signal'> & {
	readonly labels: readonly string[];
	/** Cells at once. */
	readonly jobs: number;
};

/** Between two looks into queues that were empty: BullMQ can wait for one queue, not for the first of several. */
const idleMs = 250;

/**
 * Takes cells from the queues and runs them, as many at once as there are tokens, until a signal comes.
 * @throws the reason of the server's signal, once its cells were stopped and given back; HostError
 */
export const serveQueue = async (options: ServeQueue): Promise<never> => {
	const {server, id, host, labels, jobs, version, lostAfterMs, directory} = options;
	await forgetOldResults(directory);
	const stop = new AbortController();
	const signal = AbortSignal.any([server.signal, stop.signal]);
	const presence = openPresence(server, {self: {id, host, labels, jobs, version}, forMs: lostAfterMs});
	await using source = openJobSource(server, {labels, lostAfterMs});
	const working = {...options, presence, signal};
	const hands = new Set<Promise<void>>();
	const fail = (error: unknown): void => stop.abort(error);
	const touch = keepInTouch(working, source).catch(fail);
	try {
		while (!signal.aborted) {
			const job = hands.size < jobs ? await source.take() : undefined;
			if (job === undefined) {
				await Promise.race([pollPause(idleMs, signal), ...hands]);
			} else {
				const hand: Promise<void> = workOnJob(job, working)
					.catch(fail)
					.finally(() => hands.delete(hand));
				hands.add(hand);
			}
		}
	} catch (error) {
		fail(error);
	}

	await Promise.all([...hands, touch]);
	await presence.end().catch(() => undefined);
	throw signal.reason;
};

/** Between two signs of life, where they are not needed more often. */
const touchMs = 1000;

/** Says that the worker lives, looks for new queues, and sends once more what a server may have lost. */
const keepInTouch = async (options: WorkOnJob, source: JobSource): Promise<never> => {
	const {server, presence, lostAfterMs, signal} = options;
	const epochs = new Map<string, string>();
	for (;;) {
		await presence.say();
		await source.refresh();
		const runs = await knownRuns(server);
		for (const [run, epoch] of runs) {
			if (epochs.get(run) !== epoch) {
				epochs.set(run, epoch);
				await sendAgain(run, options);
			}
		}

		await pollPause(Math.min(touchMs, lostAfterMs / 4), signal);
	}
};

/** Results of a run that the matrix has not written down. */
const sendAgain = async (run: string, options: WorkOnJob): Promise<void> => {
	const {server, directory} = options;
	const results = await heldResults(directory, run);
	for (const held of results) {
		if ((await server.ask(server.redis.sismember(keys.settled(run), held.job))) === 0) {
			await sendResult(held, options);
		}
	}
};
