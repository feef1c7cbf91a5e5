import {randomUUID} from 'node:crypto';
import {readdir, rm, symlink} from 'node:fs/promises';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {dir} from 'tmp-promise';
import {pollPause} from '../../../harness/core/clock.ts';
import {HostError} from '../../../harness/core/errors.ts';
import {type Cell} from '../../../harness/matrix/cells.ts';
import {type Outcome} from '../../../harness/matrix/outcome.ts';
import {queueAddress} from '../../../harness/matrix/queue/address.ts';
import {type CellJob, parseCellJob} from '../../../harness/matrix/queue/cell-job.ts';
import {type HeldJob, type JobSource, openJobSource} from '../../../harness/matrix/queue/job-source.ts';
import {openPresence} from '../../../harness/matrix/queue/presence.ts';
import {runThroughQueue} from '../../../harness/matrix/queue/run-through-queue.ts';
import {type QueueServer, openQueueServer} from '../../../harness/matrix/queue/server.ts';
import {keys} from '../../../harness/matrix/queue/names.ts';
import {sendResult} from '../../../harness/matrix/queue/work-on-job.ts';
import {readRecords} from '../../../harness/matrix/records.ts';
import {start as runStarted, passed} from '../../report/example-run.ts';
import {cellsIn, leaveCell, recordOf} from '../_matrix.ts';
import {type TestServer, openTestServer} from './_server.ts';

const cells = cellsIn('images: [/none/a.raw, /none/b.raw, /none/c.raw]');
const events = [
	runStarted({requirements: ['hw.a'], image: {path: 'a', bytes: 1, sha256: undefined}}),
	passed('hw.a'),
	{type: 'run-finished', at: runStarted().at, durationMs: 1, exitCode: 0} as const,
];

type Bench = {
	readonly directory: string;
	readonly redis: TestServer;
	readonly server: QueueServer;
	readonly source: JobSource;
	/** The matrix: its outcomes, and what it said. */
	readonly night: (
		options?: Partial<Parameters<typeof runThroughQueue>[1]>,
		chosen?: readonly Cell[],
	) => Promise<readonly Outcome[]>;
	readonly notes: string[];
	readonly next: () => Promise<{readonly held: HeldJob; readonly job: CellJob}>;
	/** Leaves a result as a worker does, and sends it. */
	readonly send: (job: {readonly held: HeldJob; readonly job: CellJob}, exitCode: number) => Promise<void>;
};

/** A server, a matrix, and the parts of a worker in the hands of the test. */
const bench = async (t: ExecutionContext): Promise<Bench> => {
	const {path: directory, cleanup} = await dir({unsafeCleanup: true, prefix: 'bw-queue'});
	const redis = await openTestServer(directory);
	const {signal} = new AbortController();
	const address = queueAddress(redis.url, {});
	const server = await openQueueServer(address, {patienceMs: 60_000, onNote: () => undefined, signal});
	const source = openJobSource(server, {labels: [], lostAfterMs: 10_000});
	t.teardown(async () => {
		await source[Symbol.asyncDispose]();
		server[Symbol.dispose]();
		await redis[Symbol.asyncDispose]();
		await cleanup();
	});
	const notes: string[] = [];
	return {
		directory,
		redis,
		server,
		source,
		notes,
		night: async (options = {}, chosen = cells) =>
			runThroughQueue(chosen, {
				address,
				patienceMs: 60_000,
				name: 'night',
				directory,
				version: '0.1.0',
				known: [],
				today: '2026-11-27',
				records: (await readRecords(directory)).records,
				durations: new Map(),
				failed: new Set(),
				onOutcome: () => undefined,
				onNote(line) {
					notes.push(line);
				},
				signal,
				...options,
			}),
		async next() {
			for (;;) {
				await source.refresh();
				const held = await source.take();
				if (held !== undefined) {
					return {held, job: parseCellJob(held.data)};
				}

				await pollPause(20);
			}
		},
		async send({held, job: {cell}}, exitCode) {
			const place = path.join(directory, randomUUID());
			const record = await leaveCell(place, recordOf(cell, {exitCode}), events);
			await sendResult(
				{job: held.id, record, place: path.join(place, 'cells', cell.id)},
				{server, id: 'worker', host: 'host'},
			);
		},
	};
};

test('a cell that is finished twice counts once: what came first', async (t) => {
	const {night, next, send, directory, server} = await bench(t);
	const told: string[] = [];
	const running = night({
		onOutcome({cell: {id}}) {
			told.push(id);
		},
	});
	const jobs = [await next(), await next(), await next()];
	for (const exitCode of [0, 1]) {
		await send(jobs[0]!, exitCode);
	}

	await jobs[0]!.held.complete();
	for (const job of jobs.slice(1)) {
		await send(job, 0);
		await job.held.complete();
	}

	const outcomes = await running;
	t.deepEqual(
		outcomes.map(({cell, record}) => [cell.id, record?.exitCode]),
		cells.map(({id}) => [id, 0]),
	);
	t.is(told.length, 3);
	t.is((await readRecords(directory)).records.size, 3);
	// Nothing is left on the server but a note for late workers.
	const left = await server.redis.keys('bootwright:run:*');
	t.true(
		left.every((key) => key.endsWith(':settled')),
		left.join(' '),
	);
});

test('what failed last time is taken first, then what took longest', async (t) => {
	const {night, next, send} = await bench(t);
	const running = night({
		durations: new Map(cells.map(({id}, index) => [id, 1000 * (index + 1)])),
		failed: new Set([cells[0]!.id]),
	});
	const order: string[] = [];
	for (let index = 0; index < 3; index++) {
		const job = await next();
		order.push(job.job.cell.id);
		await send(job, 0);
		await job.held.complete();
	}

	await running;
	t.deepEqual(order, [cells[0]!.id, cells[2]!.id, cells[1]!.id]);
});

test('a cell on which a host fails is tried once more; one that every worker refuses, or that costs three workers, is an error of the host', async (t) => {
	const {night, next, send, server, notes} = await bench(t);
	const presence = openPresence(server, {
		self: {id: 'worker', host: 'host', labels: [], jobs: 1, version: '0.1.0'},
		forMs: 60_000,
	});
	await presence.say();
	const running = night();
	const first = await next();
	t.like(first.held, {attempt: 1, isLastAttempt: false, stalls: 0});
	await first.held.fail('the host failed');
	const again = await next();
	t.is(again.held.id, first.held.id);
	t.like(again.held, {attempt: 2, isLastAttempt: true});
	await send(again, 4);
	await again.held.complete();

	const run = again.job.run;
	for (const message of [
		{type: 'refused', why: 'another image'},
		{type: 'given-up', why: '3 workers were lost while they ran it'},
	]) {
		const {held} = await next();
		await server.redis.lpush(keys.messages(run), JSON.stringify({...message, job: held.id, worker: 'worker'}));
		await held.postpone(60_000);
	}

	await server.redis.lpush(keys.messages(run), 'no message');
	const outcomes = await running;
	t.deepEqual(
		outcomes.map(({exitCode, run: {runFailure}}) => [exitCode, runFailure?.message]),
		[
			[0, undefined],
			[4, 'every worker refuses it; worker: another image'],
			[4, '3 workers were lost while they ran it'],
		],
	);
	t.true(notes.some((line) => line.startsWith('A message in the queue is none of this version')));
});

test('a result that is none is an error of that cell, and nothing of it stays', async (t) => {
	const {night, next, server, directory} = await bench(t);
	const running = night({}, cells.slice(0, 1));
	const {held, job} = await next();
	const message = {
		type: 'finished',
		job: held.id,
		worker: 'worker',
		place: 'host:/x',
		left: [],
		files: 'bm8gZ3ppcA==',
		record: recordOf(job.cell, {run: '../..'}),
	};
	await server.redis.lpush(keys.messages(job.run), JSON.stringify(message));
	const [outcome] = await running;
	t.is(outcome?.run.runFailure?.message, 'worker worker sent what is no result: its run is called "../.."');
	t.deepEqual(await readdir(path.join(directory, 'cells')), []);
});

test('a result that cannot be written here ends the matrix as its own fault, and is there at the next start', async (t) => {
	const {night, next, send, directory, notes} = await bench(t);
	const place = path.join(directory, 'cells');
	// Nothing can be written there.
	await symlink('/proc', place);
	const running = night({}, cells.slice(0, 1));
	const job = await next();
	await send(job, 0);
	await job.held.complete();
	await t.throwsAsync(running, {
		instanceOf: HostError,
		message: `Cannot write what worker worker sent to ${place}/${job.job.cell.id}: ENOENT: no such file or directory, mkdir '${place}/${job.job.cell.id}'`,
	});
	t.is(notes.at(-1), 'what waited was taken out of the queue');
	await rm(place);
	const outcomes = await night({}, cells.slice(0, 1));
	t.deepEqual(
		outcomes.map(({record}) => record?.exitCode),
		[0],
	);
});

test('a matrix that is stopped takes back what waits; what a worker is at is there at the next start', async (t) => {
	const {night, next, send, source, notes} = await bench(t);
	const stop = new AbortController();
	const running = night({signal: stop.signal});
	const job = await next();
	stop.abort(new Error('stopped'));
	await t.throwsAsync(running, {message: 'stopped'});
	t.is(
		notes.at(-1),
		`what waited was taken out of the queue; workers finish ${job.job.cell.id}, and the same command takes up what comes of it`,
	);
	t.is(await source.take(), undefined);
	await job.held.complete();

	const second = night();
	// What a worker has on its disk it sends as soon as it sees that the matrix is there again.
	await pollPause(1000);
	await send(job, 0);
	const others = [await next(), await next()];
	t.false(
		others.some(({held}) => held.id === job.held.id),
		'it was run again',
	);
	for (const other of others) {
		await send(other, 0);
		await other.held.complete();
	}

	t.deepEqual(
		(await second).map(({exitCode}) => exitCode),
		[0, 0, 0],
	);
});

test('a server that goes away for longer than it is waited for is an error of the host, and nothing is lost', async (t) => {
	const {night, next, send, redis, directory, notes} = await bench(t);
	const running = night({patienceMs: 300});
	const job = await next();
	await send(job, 0);
	await job.held.complete();
	while ((await readRecords(directory)).records.size === 0) {
		await pollPause(20);
	}

	await redis.kill();
	const error = await t.throwsAsync(running, {instanceOf: HostError});
	t.regex(error.message, /^The queue redis:\/\/127\.0\.0\.1:\d+ was away for 0\.3 s: connect ECONNREFUSED /v);
	t.is(notes.at(-1), 'the queue keeps what waits in it; the same command takes up what comes of it');

	await redis.start();
	const second = night();
	for (let index = 0; index < 2; index++) {
		const other = await next();
		t.not(other.held.id, job.held.id);
		await send(other, 0);
		await other.held.complete();
	}

	t.is((await second).length, 3);
	await rm(path.join(directory, 'queue.json'));
});
