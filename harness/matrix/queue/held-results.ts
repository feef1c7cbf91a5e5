import {readdir, rm, stat} from 'node:fs/promises';
import path from 'node:path';
import {wallClockMs} from '../../core/clock.ts';
import {type CellRecord, cellDirectory, isFinished, readRecords} from '../records.ts';
import {keptSeconds} from './runs.ts';

/** A result on a worker's disk. */
export type HeldResult = {
	/** Id of its job. */
	readonly job: string;
	readonly record: CellRecord;
	/** Directory of its artifacts. */
	readonly place: string;
};

/** Where a job is run: a directory of its own for each, `RUN/DIGEST`, so that what lies there is a result of that job and no other. */
export const jobDirectory = (directory: string, job: string): string => path.join(directory, ...job.split('-'));

/** The result of a job, if it was finished here, and said something of the image. */
export const heldResult = async (directory: string, job: string): Promise<HeldResult | undefined> => {
	const place = jobDirectory(directory, job);
	// One that cannot be read is none.
	const {records} = await readRecords(place);
	const [record] = records.values();
	return record !== undefined && isFinished(record, record)
		? {job, record, place: cellDirectory(place, record.cell.id)}
		: undefined;
};

/** All of a run. */
export const heldResults = async (directory: string, run: string): Promise<readonly HeldResult[]> => {
	const digests = await readdir(path.join(directory, run)).catch(() => []);
	const held = await Promise.all(digests.map(async (digest) => heldResult(directory, `${run}-${digest}`)));
	return held.filter((one) => one !== undefined);
};

/** Takes away runs that nothing was added to for a week. */
export const forgetOldResults = async (directory: string): Promise<void> => {
	const runs = await readdir(directory).catch(() => []);
	for (const run of runs) {
		const place = path.join(directory, run);
		const found = await stat(place);
		if (/^[\da-f]{16}$/v.test(run) && wallClockMs() - found.mtimeMs > keptSeconds * 1000) {
			await rm(place, {recursive: true, force: true});
		}
	}
};
