import {type RowChange, type RowChanges} from '../core/changes.ts';
import {type Verdict} from '../core/verdict.ts';

type Judged = {readonly requirements: ReadonlyArray<{readonly id: string; readonly verdict: Verdict}>};

/** What became of the rows, in the order of the later run. */
export const compareRows = (before: Judged, after: Judged): RowChanges => {
	const changes = Map.groupBy(changesOf(before, after), kindOf);
	const of = (kind: keyof RowChanges): readonly RowChange[] => changes.get(kind) ?? [];
	return {
		newlyFailing: of('newlyFailing'),
		newlyPassing: of('newlyPassing'),
		otherChanges: of('otherChanges'),
		newRows: of('newRows'),
		removedRows: of('removedRows'),
	};
};

/** Whether a row that both runs have got worse: unknown is not green, and a known fail is worse than an unknown. */
export const gotWorse = ({before, after}: RowChange): boolean =>
	before !== null && after !== null && fromGoodToBad.indexOf(after) > fromGoodToBad.indexOf(before);

const fromGoodToBad: readonly Verdict[] = ['pass', 'warn', 'skip', 'error', 'fail'];

const changesOf = (before: Judged, after: Judged): readonly RowChange[] => {
	const [was, is] = [verdictsOf(before), verdictsOf(after)];
	return [...new Set([...is.keys(), ...was.keys()])]
		.map((id) => ({id, before: was.get(id) ?? null, after: is.get(id) ?? null}))
		.filter((row) => row.before !== row.after);
};

const verdictsOf = ({requirements}: Judged): ReadonlyMap<string, Verdict> =>
	new Map(requirements.map(({id, verdict}) => [id, verdict]));

const kindOf = ({before, after}: RowChange): keyof RowChanges => {
	if (before === null) {
		return 'newRows';
	}

	if (after === null) {
		return 'removedRows';
	}

	if (after === 'fail') {
		return 'newlyFailing';
	}

	// From pass to warn and back it was good all the time.
	return isGood(after) && !isGood(before) ? 'newlyPassing' : 'otherChanges';
};

const isGood = (verdict: Verdict): boolean => verdict === 'pass' || verdict === 'warn';
