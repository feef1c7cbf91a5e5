import {type RunState} from '../run-state.ts';
import {consoleBlocks} from './console-blocks.ts';
import {findConsoles} from './console-files.ts';
import {dataBlock} from './data-block.ts';
import {pageRunOf} from './page-data.ts';
import {readTemplate} from './page-template.ts';

/**
 * Runs as one page that opens from disk: events first, so that it is painted before the consoles are read. In pieces, because consoles
 * may be longer than a string can be.
 * @param runs each with the directories in which its consoles may lie, the likeliest first
 */
export async function* htmlOf(
	runs: ReadonlyArray<{readonly run: RunState; readonly directories: readonly string[]}>,
): AsyncGenerator<string> {
	const {head, script, end} = await readTemplate();
	yield head;
	for (const {run} of runs) {
		yield dataBlock({class: 'run'}, pageRunOf(run));
	}

	yield script;
	for (const [index, {directories}] of runs.entries()) {
		yield* consoleBlocks(index, await findConsoles(directories));
	}

	yield end;
}
