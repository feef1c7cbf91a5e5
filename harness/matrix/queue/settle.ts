import {rm, symlink} from 'node:fs/promises';
import path from 'node:path';
import {HostError, messageOf} from '../../core/errors.ts';
import {makeDirectory} from '../../report/make-directory.ts';
import {writeWhole} from '../../report/write-whole.ts';
import {type Judging, type Outcome, missingOutcome, outcomeOf} from '../outcome.ts';
import {type CellRecord, cellDirectory, writeRecord} from '../records.ts';
import {isBelow, unpackCell} from './carry.ts';
import {type Finished} from './messages.ts';
import {type WaitingCell} from './waiting-cells.ts';

/**
 * Writes down what a worker sends of a cell, as if it had been run here; the record comes last.
 * @returns what it comes to; an error of the host where it is no result
 * @throws HostError where it cannot be written here: the worker's result is as good as it was
 */
export const settle = async (
	{cell, stamp}: WaitingCell,
	{message, judging}: {readonly message: Finished; readonly judging: Judging},
): Promise<Outcome> => {
	const place = cellDirectory(judging.directory, cell.id);
	// What the worker knows of the cell and of its own file is of no use here.
	const record: CellRecord = {...message.record, cell, stamp};
	const cannotWrite = (error: unknown): HostError =>
		new HostError(`Cannot write what worker ${message.worker} sent to ${place}: ${messageOf(error)}`, {
			cause: error,
			hint: 'It waits on the server of the queue: mend this, and the same command goes on.',
		});
	try {
		await rm(place, {recursive: true, force: true});
		makeDirectory(place);
	} catch (error) {
		throw cannotWrite(error);
	}

	try {
		if (record.run !== null && (!isBelow(record.run) || record.run.includes('/'))) {
			throw new Error(`its run is called ${JSON.stringify(record.run)}`);
		}

		await unpackCell(message, place);
		const outcome = await outcomeOf(record, judging);
		await finishPlace(place, {record, message});
		await writeRecord(judging.directory, record);
		return outcome;
	} catch (error) {
		if (error instanceof HostError) {
			throw error;
		}

		if (isOfThisHost(error)) {
			throw cannotWrite(error);
		}

		await rm(place, {recursive: true, force: true});
		return missingOutcome(cell, `worker ${message.worker} sent what is no result: ${messageOf(error)}`);
	}
};

/** What the names in a package bring about where one is in the way of another, or is too long. */
const ofNames: ReadonlySet<unknown> = new Set(['EEXIST', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG']);

/** Only the system names the call that failed. */
const isOfThisHost = (error: unknown): boolean =>
	error instanceof Error && 'syscall' in error && 'code' in error && !ofNames.has(error.code);

/** Where the rest of it lies, and the link that a run leaves. */
const finishPlace = async (
	place: string,
	{record, message: {worker, place: there, left}}: {readonly record: CellRecord; readonly message: Finished},
): Promise<void> => {
	if (record.run !== null) {
		await symlink(record.run, path.join(place, 'latest'));
	}

	await writeWhole(
		path.join(place, 'worker.json'),
		`${JSON.stringify({worker, place: there, left}, undefined, '\t')}\n`,
	);
};
