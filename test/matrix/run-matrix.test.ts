import {rm} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {dir} from 'tmp-promise';
import {cellDirectory, readRecords} from '../../harness/matrix/records.ts';
import {sortOut} from '../../harness/matrix/run-matrix.ts';
import {start} from '../report/example-run.ts';
import {cellsIn, leaveCell, recordOf} from './_matrix.ts';

test('a cell is run again where what it left cannot be read any more', async (t) => {
	const {path: directory, cleanup} = await dir({unsafeCleanup: true, prefix: 'bootwright-test-'});
	t.teardown(cleanup);
	const cells = cellsIn('images: [ref:a, ref:b]');
	for (const cell of cells) {
		await leaveCell(directory, recordOf(cell), [start()]);
	}

	const [first, second] = cells;
	await rm(path.join(cellDirectory(directory, first!.id), 'run/events.jsonl'));
	const {records} = await readRecords(directory);
	const options = {directory, version: '0.1.0', known: [], today: '2026-11-27', records, durations: new Map()};
	const told: string[] = [];
	const {kept, left} = await sortOut(cells, {
		...options,
		onOutcome({cell}) {
			told.push(cell.id);
		},
	});
	t.deepEqual(kept.keys().toArray(), [second!.id]);
	t.deepEqual(told, [second!.id]);
	t.deepEqual(
		left.map(({cell}) => cell.id),
		[first!.id],
	);
});
