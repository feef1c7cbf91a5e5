import {wallClockMs} from '../core/clock.ts';
import {BootwrightError, messageOf} from '../core/errors.ts';
import {type RunEvent} from '../core/events.ts';
import {insertRun} from './append-run.ts';
import {writeHistory} from './history-file.ts';
import {historyRunOf} from './history-run.ts';
import {lookBack} from './look-back.ts';

/** By which a matrix tells a run which of its cells it is: cells of one image have a history each. */
export const cellVariable = 'BOOTWRIGHT_CELL';

export type Remember = {
	readonly kernel: string | undefined;
	readonly env: Readonly<Record<string, string | undefined>>;
};

/**
 * Adds a run that is all but over to the history, and looks what changed since the last one like it. Whatever is wrong with the history
 * changes nothing about the run: it is a note.
 * @returns what the run has to tell of it
 */
export const remember = (events: readonly RunEvent[], {kernel, env}: Remember): readonly RunEvent[] => {
	try {
		const run = historyRunOf(events, {kernel, cell: env[cellVariable]});
		if (run === undefined) {
			return [];
		}

		const compared = writeHistory(env, (database) => {
			const seen = lookBack(database, run);
			insertRun(database, run);
			return seen;
		});
		return [{type: 'compared', at: wallClockMs(), compared}];
	} catch (error) {
		const hint = error instanceof BootwrightError && error.hint !== undefined ? ` ${error.hint}` : '';
		return [{type: 'note', at: wallClockMs(), text: `This run is not in the history. ${messageOf(error)}.${hint}`}];
	}
};
