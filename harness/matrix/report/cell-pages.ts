import path from 'node:path';
import {writeReportFiles} from '../../report/files/report-files.ts';
import {readEvents} from '../../report/read-events.ts';
import {type Outcome} from '../outcome.ts';
import {cellPage} from './matrix-html.ts';

/**
 * Writes the pages of those cells again in which something happened that is known: their runs knew of no matrix when they wrote them.
 * @throws HostError where one cannot be written
 */
export const writeCellPages = async (outcomes: readonly Outcome[]): Promise<void> => {
	for (const {place, record, run} of outcomes) {
		if (place !== undefined && typeof record?.run === 'string' && run.cell !== undefined && run.knownSeen.length > 0) {
			const directory = path.join(place, record.run);
			const events = [run.cell, ...(await readEvents(directory))];
			await writeReportFiles({html: path.join(place, cellPage)}, [events], {places: [directory]});
		}
	}
};
