import {printable} from '../printable.ts';
import {type RunState} from '../run-state.ts';

/** `image.raw (gce, tcg)`: tells the runs of a report apart. */
export const nameOfRun = ({started}: RunState): string =>
	started === undefined
		? 'a run that never started'
		: `${printable(started.image.path)} (${started.machine.profile}, ${started.machine.accelerator})`;
