import {gotWorse} from '../history/compare-rows.ts';
import {compareRuns} from '../history/compare-runs.ts';
import {renderComparison} from '../history/render-comparison.ts';
import {layoutOf} from '../report/layout.ts';
import {readResult} from '../report/read-result.ts';
import {wantsColor} from '../report/wants-color.ts';
import type {CommandContext} from './command.ts';

/** `bootwright compare A B`: what changed from one run to another; 1 where a row got worse. */
export const run = async (
	{stdout, env}: CommandContext,
	{json = false}: {readonly json?: boolean},
	...[a, b]: readonly [string, string]
): Promise<number> => {
	const comparison = compareRuns(await readResult(a, env), await readResult(b, env), env);
	stdout.write(
		json
			? `${JSON.stringify(comparison, undefined, 2)}\n`
			: renderComparison(comparison, layoutOf({width: stdout.columns, color: wantsColor(stdout, env)})),
	);
	return [...comparison.newlyFailing, ...comparison.otherChanges].some(gotWorse) ? 1 : 0;
};
