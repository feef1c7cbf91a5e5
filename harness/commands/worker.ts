import os from 'node:os';
import path from 'node:path';
import {UsageError} from '../core/errors.ts';
import {inByteOrder} from '../image/build/in-byte-order.ts';
import {tryLock} from '../image/build/lock.ts';
import {queueAddress} from '../matrix/queue/address.ts';
import {openQueueServer} from '../matrix/queue/server.ts';
import {serveQueue} from '../matrix/queue/serve-queue.ts';
import {cellsAtOnce} from '../matrix/run-matrix.ts';
import {chooseAccelerator} from '../qemu/accelerator.ts';
import {findQemu} from '../qemu/find-qemu.ts';
import {programVersion} from '../program/program-version.ts';
import {makeDirectory} from '../report/make-directory.ts';
import {printable} from '../report/printable.ts';
import {stateDirectory} from '../report/run-directory.ts';
import type {CommandContext} from './command.ts';

type Options = {
	readonly queue: string;
	readonly queueWait: number;
	readonly label: readonly string[];
	readonly jobs?: number;
	readonly artifacts?: string;
	readonly lostAfter: number;
	/** False: nothing is kept in the history of this machine, or compared with it. */
	readonly history: boolean;
};

/** `bootwright worker --queue URL`: runs cells of matrices until a signal comes. */
export const run = async (context: CommandContext, options: Options): Promise<number> => {
	const {stdout, stderr, env, signal} = context;
	const address = queueAddress(options.queue, env);
	const directory = path.resolve(options.artifacts ?? path.join(stateDirectory(env), 'worker'));
	makeDirectory(directory, {mode: 0o700});
	await using lock = await tryLock(path.join(directory, 'lock'));
	if (lock === undefined) {
		throw new UsageError(`Another worker keeps its results in ${directory}`, {
			hint: 'Give this one another directory with --artifacts DIR.',
		});
	}

	const labels = await labelsOf(options.label, signal);
	using server = await openQueueServer(address, {
		patienceMs: options.queueWait * 1000,
		onNote: (line) => stderr.write(`${line}\n`),
		signal,
	});
	const host = os.hostname();
	const id = `${host}-${process.pid}`;
	const jobs = options.jobs ?? cellsAtOnce();
	const has = labels.length === 0 ? 'no labels' : labels.join(', ');
	stdout.write(`worker ${id} (${has}; ${jobs} at once) at ${server.shown}, results in ${directory}\n`);
	return await serveQueue({
		server,
		id,
		host,
		version: programVersion(),
		directory,
		env,
		history: options.history,
		lostAfterMs: options.lostAfter * 1000,
		labels,
		jobs,
		onLine: (line) => stdout.write(`${printable(line, 1000)}\n`),
	});
};

/** `kvm` is found out, as a run would: a worker that only says so would fail every cell that it is given. */
const labelsOf = async (given: readonly string[], signal: AbortSignal): Promise<readonly string[]> => {
	const asked = given.includes('kvm');
	const kvm = await chooseAccelerator(asked ? 'kvm' : 'auto', await findQemu(), {signal});
	const labels = new Set(given);
	if (kvm.accelerator === 'kvm') {
		labels.add('kvm');
	}

	return [...labels].toSorted(inByteOrder);
};
