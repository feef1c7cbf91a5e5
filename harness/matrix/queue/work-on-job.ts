import {startInterval} from '../../core/clock.ts';
import {exitCodes} from '../../core/errors.ts';
import {whyInvalid} from '../../core/why-invalid.ts';
import {cellDirectory} from '../records.ts';
import {tryCell} from '../run-cell.ts';
import {packCell} from './carry.ts';
import {type CellJob, objectionTo, parseCellJob} from './cell-job.ts';
import {type HeldResult, heldResult, jobDirectory} from './held-results.ts';
import {type HeldJob} from './job-source.ts';
import {type Message} from './messages.ts';
import {keys} from './names.ts';
import {type OpenPresence} from './presence.ts';
import {keptSeconds} from './runs.ts';
import {type QueueServer} from './server.ts';

export type WorkOnJob = {
	readonly server: QueueServer;
	/** Of this worker. */
	readonly id: string;
	readonly host: string;
	readonly version: string;
	/** Where its results are kept. */
	readonly directory: string;
	readonly env: Readonly<Record<string, string | undefined>>;
	/** Whether the runs are kept in the history of this machine, and compared with it. */
	readonly history: boolean;
	readonly lostAfterMs: number;
	readonly presence: OpenPresence;
	readonly onLine: (line: string) => void;
	readonly signal: AbortSignal;
};

/** A cell during which so many workers were lost is likely to be why. */
const mostStalls = 3;
/** Until one that is not for this worker may be taken again. */
const postponeMs = 1000;

/**
 * Runs the cell of a job, or finds its result on disk, and sends it to the matrix. What is finished is written down before it is sent, and sent
 * before the job is over: none of it is lost, wherever this is killed.
 * @throws the signal's reason, once the cell was stopped and given back; HostError
 */
export const workOnJob = async (job: HeldJob, options: WorkOnJob): Promise<void> => {
	const {server, version, directory, presence, onLine, signal} = options;
	const cell = parsed(job);
	if (typeof cell === 'string') {
		onLine(`job ${job.id} is none of this version: ${cell}`);
		await job.postpone(postponeMs);
		return;
	}

	const {id: name} = cell.cell;
	if ((await server.ask(server.redis.sismember(keys.settled(cell.run), job.id))) === 1) {
		await job.complete();
		return;
	}

	const held = await heldResult(directory, job.id);
	if (held !== undefined) {
		onLine(`${name}: its result was here already`);
		await sendResult(held, options);
		await job.complete();
		return;
	}

	if (await presence.isElsewhere(job.id)) {
		await job.postpone(postponeMs);
		return;
	}

	if (job.stalls >= mostStalls) {
		await send(
			{type: 'given-up', job: job.id, worker: options.id, why: `${job.stalls} workers were lost while they ran it`},
			options,
		);
		await job.complete();
		return;
	}

	presence.begin({job: job.id, cell: name});
	try {
		await presence.say();
		using stop = keepHold(job, options);
		const objection = await objectionTo(cell, {version, signal: stop.signal});
		if (objection === undefined) {
			await runHere({job, cell, stop: stop.signal}, options);
		} else {
			onLine(`${name} is refused: ${objection}`);
			await send({type: 'refused', job: job.id, worker: options.id, why: objection}, options);
			await job.postpone(postponeMs);
		}
	} catch (error) {
		if (error instanceof LostJob) {
			onLine(`${name} was stopped: another worker is at it`);
			return;
		}

		if (signal.aborted) {
			onLine(`${name} was stopped and is given back`);
			await job.giveBack();
		}

		throw error;
	} finally {
		presence.finish(job.id);
	}
};

const parsed = (job: HeldJob): CellJob | string => {
	try {
		return parseCellJob(job.data);
	} catch (error) {
		return whyInvalid(error);
	}
};

/** Another worker has taken it: this one was out of sight for too long. */
class LostJob extends Error {}

/** Renews the lock of a job. The signal is aborted where there is nothing left to renew, and somebody else is at it. */
const keepHold = (
	job: HeldJob,
	{lostAfterMs, presence, signal}: WorkOnJob,
): Disposable & {readonly signal: AbortSignal} => {
	const lost = new AbortController();
	const timer = startInterval(lostAfterMs / 3, () => {
		const renew = async (): Promise<void> => {
			// A server that was started again may have forgotten the lock; the cell goes on as long as nobody else is at it.
			if (!(await job.renew()) && (await presence.isElsewhere(job.id))) {
				lost.abort(new LostJob());
			}
		};

		// Whatever a server says to it, the cell itself is well.
		renew().catch(() => undefined);
	});
	return {signal: AbortSignal.any([signal, lost.signal]), [Symbol.dispose]: timer.cancel};
};

type Here = {readonly job: HeldJob; readonly cell: CellJob; readonly stop: AbortSignal};

const runHere = async ({job, cell: {cell}, stop}: Here, options: WorkOnJob): Promise<void> => {
	const {directory, version, env, history, onLine} = options;
	onLine(`${cell.id} begins`);
	const place = jobDirectory(directory, job.id);
	const record = await tryCell(cell, {directory: place, version, env, history, signal: stop}, job.attempt);
	onLine(`${cell.id} ended with ${record.exitCode}`);
	if (record.exitCode === exitCodes.host && !job.isLastAttempt) {
		await job.fail('the host failed');
		return;
	}

	await sendResult({job: job.id, record, place: cellDirectory(place, cell.id)}, options);
	await job.complete();
};

/** Also for a run that has lost what was sent. */
export const sendResult = async (
	{job, record, place}: HeldResult,
	options: Pick<WorkOnJob, 'server' | 'id' | 'host'>,
): Promise<void> => {
	const {files, left} = await packCell(place);
	await send(
		{type: 'finished', job, worker: options.id, record, place: `${options.host}:${place}`, files, left},
		options,
	);
};

const send = async (message: Message, {server: {redis, ask}}: Pick<WorkOnJob, 'server'>): Promise<void> => {
	const [run = ''] = message.job.split('-');
	const list = keys.messages(run);
	await ask(redis.multi().lpush(list, JSON.stringify(message)).expire(list, keptSeconds).exec());
};
