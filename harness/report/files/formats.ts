import {HarnessBug} from '../../core/errors.ts';
import {type RunEvent} from '../../core/events.ts';
import {resultText} from '../result.ts';
import {foldRun} from '../run-state.ts';
import {type FormatName} from './format-names.ts';
import {junitOf} from './junit.ts';
import {markdownOf} from './markdown.ts';
import {tapOf} from './tap.ts';

type Runs = ReadonlyArray<readonly RunEvent[]>;

/** Each report is made of nothing but the events of its runs: the same events give the same bytes. */
export const formats: Readonly<Record<FormatName, (runs: Runs) => string>> = {
	json: (runs) => resultText(onlyOf(runs)),
	junit: (runs) => junitOf(runs.map(foldRun)),
	tap: (runs) => tapOf(runs.map(foldRun)),
	markdown: (runs) => markdownOf(runs.map(foldRun)),
};

const onlyOf = (runs: Runs): readonly RunEvent[] => {
	const [run, ...more] = runs;
	if (run === undefined || more.length > 0) {
		throw new HarnessBug(`A result file has one run, not ${runs.length}`);
	}

	return run;
};
