import {HarnessBug} from '../../core/errors.ts';
import {type RunEvent} from '../../core/events.ts';
import {htmlOf} from '../html/html.ts';
import {resultText} from '../result.ts';
import {foldRun} from '../run-state.ts';
import {type FormatName} from './format-names.ts';
import {codeQualityOf} from './code-quality.ts';
import {junitOf} from './junit.ts';
import {markdownOf} from './markdown.ts';
import {tapOf} from './tap.ts';

/** Runs, and for each the directories in which its consoles may lie, the likeliest first. */
type Runs = ReadonlyArray<readonly RunEvent[]>;
type Directories = ReadonlyArray<readonly string[]>;

/**
 * Each report is made of nothing but the events of its runs, the page of their consoles too: the same events give the same bytes.
 */
export const formats = {
	json: (runs: Runs) => resultText(onlyOf(runs)),
	junit: (runs: Runs) => junitOf(runs.map(foldRun)),
	tap: (runs: Runs) => tapOf(runs.map(foldRun)),
	markdown: (runs: Runs) => markdownOf(runs.map(foldRun)),
	codequality: (runs: Runs) => codeQualityOf(runs.map(foldRun)),
	html: (runs: Runs, directories: Directories) =>
		htmlOf(runs.map((events, index) => ({run: foldRun(events), directories: directories[index] ?? []}))),
} as const satisfies Readonly<
	Record<FormatName, (runs: Runs, directories: Directories) => string | AsyncIterable<string>>
>;

const onlyOf = (runs: Runs): readonly RunEvent[] => {
	const [run, ...more] = runs;
	if (run === undefined || more.length > 0) {
		throw new HarnessBug(`A result file has one run, not ${runs.length}`);
	}

	return run;
};
