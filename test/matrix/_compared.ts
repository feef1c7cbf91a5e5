import {type Compared} from '../../harness/core/changes.ts';
import {type RunEvent} from '../../harness/core/events.ts';
import {start} from '../report/example-run.ts';

const none = {newlyFailing: [], newlyPassing: [], otherChanges: [], newRows: [], removedRows: []};

/** What a history said of a run. */
export const compared = (
	changes: Partial<Omit<Compared, 'rows'>> & {readonly rows?: Partial<Compared['rows']>},
): RunEvent => ({
	type: 'compared',
	at: start().at,
	compared: {
		since: {at: Date.UTC(2026, 10, 26, 3), exitCode: 0},
		flaky: [],
		figures: [],
		trends: [],
		...changes,
		rows: {...none, ...changes.rows},
	},
});
