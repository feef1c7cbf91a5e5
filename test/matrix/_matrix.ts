import {mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {type RunEvent} from '../../harness/core/events.ts';
import {type Cell, cellsOf} from '../../harness/matrix/cells.ts';
import {parseMatrix} from '../../harness/matrix/matrix-file.ts';
import {type CellRecord, cellDirectory, writeRecord} from '../../harness/matrix/records.ts';

export const matrixOf = (text: string) => parseMatrix(text, 'nightly.yaml');
export const cellsIn = (text: string): readonly Cell[] => cellsOf(matrixOf(text));

export const recordOf = (cell: Cell, changes: Partial<CellRecord> = {}): CellRecord => ({
	cell,
	version: '0.1.0',
	stamp: null,
	exitCode: 0,
	startedAt: 1000,
	durationMs: 500,
	attempts: 1,
	run: 'run',
	words: '',
	...changes,
});

/** Leaves what a finished cell leaves. */
export const leaveCell = async (
	directory: string,
	record: CellRecord,
	events: readonly RunEvent[],
): Promise<CellRecord> => {
	const place = path.join(cellDirectory(directory, record.cell.id), record.run ?? '');
	await mkdir(place, {recursive: true});
	if (record.run !== null) {
		await writeFile(path.join(place, 'events.jsonl'), events.map((event) => `${JSON.stringify(event)}\n`).join(''));
	}

	await writeRecord(directory, record);
	return record;
};
