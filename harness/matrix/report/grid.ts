import {type Outcome} from '../outcome.ts';

/** Cells as people look at them: an image a line, and a column for everything else that differs. */
export type Grid = {
	readonly columns: readonly string[];
	readonly lines: ReadonlyArray<{readonly name: string; readonly outcomes: ReadonlyArray<Outcome | undefined>}>;
};

export const gridOf = (outcomes: readonly Outcome[]): Grid => {
	const columnOf = ({cell}: Outcome): string => cell.id.slice(nameOf(cell.id).length + 1);
	const columns = [...new Set(outcomes.map(columnOf))];
	const lines = Map.groupBy(outcomes, ({cell}) => nameOf(cell.id));
	return {
		columns,
		lines: [...lines].map(([name, group]) => ({
			name,
			outcomes: columns.map((column) => group.find((outcome) => columnOf(outcome) === column)),
		})),
	};
};

/** An id ends in profile, accelerator and set; of these only a profile's name may hold a dot, and hardly does. */
const nameOf = (id: string): string => id.split('.').slice(0, -3).join('.');
