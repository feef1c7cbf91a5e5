import {type FigureChange, type FlakyRow, type RowChange} from '../../core/changes.ts';
import {type Outcome} from '../outcome.ts';

/** Something that is another than it was, and the cell it happened in. */
export type InCell<Change> = Change & {readonly cell: string};

/** What changed in a matrix since the earlier nights, as the histories of the hosts have it that ran its cells. */
export type MatrixChanges = {
	/** Cells that have an earlier run to compare with. */
	readonly compared: number;
	/** Without what is known to fail. */
	readonly newlyFailing: ReadonlyArray<InCell<RowChange>>;
	readonly newlyPassing: ReadonlyArray<InCell<RowChange>>;
	readonly flaky: ReadonlyArray<InCell<FlakyRow>>;
	/** Beyond noise: boot phases first, each in the order of the cells. */
	readonly figures: ReadonlyArray<InCell<FigureChange>>;
};

/** Undefined where no cell has an earlier run, or no history was kept. */
export const changesOf = (outcomes: readonly Outcome[]): MatrixChanges | undefined => {
	const compared = outcomes.filter(({run}) => (run.compared?.since ?? null) !== null);
	if (compared.length === 0) {
		return undefined;
	}

	const all = <Change>(of: (outcome: Outcome) => readonly Change[]): ReadonlyArray<InCell<Change>> =>
		compared.flatMap((outcome) => of(outcome).map((change) => ({...change, cell: outcome.cell.id})));
	const figures = all(({run}) => run.compared?.figures ?? []);
	return {
		compared: compared.length,
		newlyFailing: all((outcome) => newlyFailing(outcome)),
		newlyPassing: all(({run}) => run.compared?.rows.newlyPassing ?? []),
		flaky: all(({run}) => run.compared?.flaky ?? []),
		figures: [...figures.filter(({kind}) => kind === 'phase'), ...figures.filter(({kind}) => kind === 'measurement')],
	};
};

/** What a cell's run found failing that did not fail before, and that nobody knows of. */
const newlyFailing = ({run}: Outcome): readonly RowChange[] => {
	const failing = new Set(run.rows.filter(({verdict}) => verdict === 'fail').map(({id}) => id));
	if (run.guestFailure !== undefined) {
		failing.add('run');
	}

	return (run.compared?.rows.newlyFailing ?? []).filter(({id}) => failing.has(id));
};
