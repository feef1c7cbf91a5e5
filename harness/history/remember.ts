import {BootwrightError, messageOf} from '../core/errors.ts';
import {type RunEvent} from '../core/events.ts';
import {appendRun} from './append-run.ts';
import {historyRunOf} from './history-run.ts';

/**
 * Adds a run that is all but over to the history. Whatever is wrong with the history changes nothing about the run: it is a note.
 * @returns the note
 */
export const remember = (
	events: readonly RunEvent[],
	{kernel, env}: {readonly kernel: string | undefined; readonly env: Readonly<Record<string, string | undefined>>},
): string | undefined => {
	try {
		const run = historyRunOf(events, {kernel});
		if (run !== undefined) {
			appendRun(run, env);
		}

		return undefined;
	} catch (error) {
		const hint = error instanceof BootwrightError && error.hint !== undefined ? ` ${error.hint}` : '';
		return `This run is not in the history. ${messageOf(error)}.${hint}`;
	}
};
