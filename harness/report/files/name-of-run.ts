import {printable} from '../printable.ts';
import {type RunState} from '../run-state.ts';

/** `image.raw (gce, tcg)`, or the cell of a matrix: tells the runs of a report apart. */
export const nameOfRun = ({started, cell}: RunState): string => {
	if (cell !== undefined) {
		return printable(cell.id);
	}

	return started === undefined
		? 'a run that never started'
		: `${printable(started.image.path)} (${printable(started.machine.profile)}, ${started.machine.accelerator})`;
};
