import type {DatabaseSync} from 'node:sqlite';
import {type Compared, type FlakyRow, type RowChanges, type Trend} from '../core/changes.ts';
import {exitCodes} from '../core/errors.ts';
import {bootOf} from './boots.ts';
import {compareFigures, measurementsOf} from './compare-figures.ts';
import {compareRows} from './compare-rows.ts';
import {flakyRows} from './flaky-rows.ts';
import {type HistoryRun} from './history-run.ts';
import {noiseOf} from './noise.ts';
import {earlierIn, isSameClass, lastBefore} from './read-runs.ts';

/** So many points are a curve that a person can read, and some KiB in the event log. */
const mostPoints = 50;

/** What the history knows about a run that it need not have yet: read from a transaction that is open. */
export const lookBack = (database: DatabaseSync, run: HistoryRun): Compared => {
	const last = lastBefore(database, run);
	const earlier = earlierIn(database, run, run.cell);
	return {
		since: last === undefined ? null : {at: Date.parse(last.startedAt), exitCode: last.exitCode},
		rows: last === undefined ? nothing : compareRows(rowsOf(last), rowsOf(run)),
		flaky: flakyIn(run, earlier),
		figures:
			last === undefined || !isSameClass(last, run)
				? []
				: compareFigures(last, run, {earlier}).filter(({change}) => change !== 'within-noise' && change !== 'unknown'),
		trends: [...phaseTrends(run, earlier), ...measurementTrends(run, earlier)],
	};
};

/** Of this run's digest. A row that changed once, and stayed as it is, broke or was mended: it is flaky when it came back. */
const flakyIn = (run: HistoryRun, earlier: readonly HistoryRun[]): readonly FlakyRow[] => {
	const same = [run, ...earlier].filter(({sha256}) => sha256 === run.sha256);
	return flakyRows(same).filter(({id}) => {
		const seen = same.flatMap(({verdicts}) =>
			verdicts
				.filter((row) => row.id === id && row.judged && row.verdict !== 'skip')
				.map(({verdict}) => verdict === 'fail' || verdict === 'error'),
		);
		return seen.filter((isBad, index) => index > 0 && isBad !== seen[index - 1]).length > 1;
	});
};

const nothing: RowChanges = {newlyFailing: [], newlyPassing: [], otherChanges: [], newRows: [], removedRows: []};

/** Whether the guest came up is a row here: where it did not, the others are only skipped. */
const rowsOf = ({verdicts, exitCode}: HistoryRun): Parameters<typeof compareRows>[0] => ({
	requirements: [{id: 'run', verdict: exitCode === exitCodes.guest ? 'fail' : 'pass'}, ...verdicts],
});

/** Runs on copies of one booted machine tell of the same boot, and another way in boots in another way. */
const phaseTrends = (run: HistoryRun, earlier: readonly HistoryRun[]): readonly Trend[] => {
	const boots = new Map(
		[run, ...earlier]
			.filter(({access, phases}) => access === run.access && phases.length > 0)
			.toReversed()
			.map((one) => [bootOf(one.phases), one]),
	);
	// The boot of this run is its last point, also where an earlier run had the same.
	boots.delete(bootOf(run.phases));
	return run.phases.flatMap(({name}) =>
		trendOf('phase', name, {
			runs: [...boots.values(), run],
			valueOf: ({phases}) => phases.find((phase) => phase.name === name)?.ms,
		}),
	);
};

const measurementTrends = (run: HistoryRun, earlier: readonly HistoryRun[]): readonly Trend[] =>
	measurementsOf(run)
		.keys()
		.flatMap((id) =>
			trendOf('measurement', id, {
				runs: [run, ...earlier].toReversed(),
				valueOf: (one) => measurementsOf(one).get(id),
			}),
		)
		.toArray();

/** @param options.runs the oldest first, this one last; a single point is no trend */
const trendOf = (
	kind: Trend['kind'],
	id: string,
	{runs, valueOf}: {readonly runs: readonly HistoryRun[]; readonly valueOf: (run: HistoryRun) => number | undefined},
): readonly Trend[] => {
	const points = runs
		.map((run) => ({at: Date.parse(run.startedAt), value: valueOf(run)}))
		.filter((point): point is Trend['points'][number] => point.value !== undefined);
	const noise = noiseOf(points.slice(0, -1).map(({value}) => value)) ?? null;
	return points.length < 2 ? [] : [{kind, id, points: points.slice(-mostPoints), noise}];
};
