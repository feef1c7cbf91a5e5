import {type RunEvent} from '../../../harness/core/events.ts';
import {htmlOf} from '../../../harness/report/html/html.ts';
import {type PageRun} from '../../../harness/report/html/page-data.ts';
import {foldRun} from '../../../harness/report/run-state.ts';

/** The page of runs whose consoles lie in a directory, if anywhere. */
export const pageOf = async (runs: ReadonlyArray<readonly RunEvent[]>, directory?: string): Promise<string> => {
	const pieces = await Array.fromAsync(
		htmlOf(runs.map((events) => ({run: foldRun(events), directories: directory === undefined ? [] : [directory]}))),
	);
	return pieces.join('');
};

/** What the data blocks of a class hold. */
export const blocksIn = (page: string, name: string): readonly unknown[] =>
	page
		.matchAll(/<script type="application\/json" class="(?<found>\w+)"[^>]*>(?<json>[^<]*)<\/script>/gv)
		.flatMap(({groups}) => (groups?.['found'] === name ? [JSON.parse(groups['json'] ?? '') as unknown] : []))
		.toArray();

export const runsIn = (page: string): readonly PageRun[] => blocksIn(page, 'run') as readonly PageRun[];
