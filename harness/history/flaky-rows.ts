import {type FlakyRow} from '../core/changes.ts';
import {type HistoryRun} from './history-run.ts';
import {classOf} from './read-runs.ts';

/** Rows that came out in two ways though nothing had changed: digest, profile, accelerator and host class were the same. */
export const flakyRows = (runs: readonly HistoryRun[]): readonly FlakyRow[] =>
	Map.groupBy(
		runs.filter(({sha256}) => sha256 !== null),
		(run) => `${run.sha256 ?? ''} ${run.image} ${classOf(run)}`,
	)
		.values()
		.flatMap((same) => flakyIn(same))
		.toArray();

const flakyIn = (runs: readonly HistoryRun[]): readonly FlakyRow[] => {
	const rows = runs.flatMap(({verdicts}) => verdicts).filter(({verdict, judged}) => judged && verdict !== 'skip');
	return Map.groupBy(rows, ({id}) => id)
		.entries()
		.map(([id, seen]) => ({
			id,
			sha256: runs[0]?.sha256 ?? '',
			bad: seen.filter(({verdict}) => verdict === 'fail' || verdict === 'error').length,
			runs: seen.length,
		}))
		.filter(({bad, runs: all}) => bad > 0 && bad < all)
		.toArray();
};
