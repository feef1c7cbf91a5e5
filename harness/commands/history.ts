import {seconds} from '../core/deadline.ts';
import {rateWords} from '../core/statistics.ts';
import {type ClassSummary, summarize} from '../history/class-summary.ts';
import {historyFile} from '../history/history-file.ts';
import {type HistoryRun} from '../history/history-run.ts';
import {newestRuns} from '../history/read-runs.ts';
import {type Layout, layoutOf, wrap} from '../report/layout.ts';
import {verdictWords} from '../report/marks.ts';
import {printable} from '../report/printable.ts';
import {countVerdicts} from '../report/summary.ts';
import {wantsColor} from '../report/wants-color.ts';
import {verdicts} from '../core/verdict.ts';
import type {CommandContext} from './command.ts';

/** Of each class; `--json` has all. */
const shownRuns = 10;

/** `bootwright history [IMAGE]`: the last runs, how long they took to boot, and the rows that come out in two ways. */
export const run = (
	{stdout, env}: CommandContext,
	{json = false}: {readonly json?: boolean},
	image?: string,
): Promise<number> => {
	const classes = summarize(newestRuns(env, {image}));
	const layout = layoutOf({width: stdout.columns, color: wantsColor(stdout, env)});
	const none = `No run${image === undefined ? '' : ` of ${image}`} is in the history ${historyFile(env)}\n`;
	stdout.write(
		json
			? `${JSON.stringify({file: historyFile(env), classes}, undefined, 2)}\n`
			: classes.map((one) => render(one, layout)).join('\n') || none,
	);
	return Promise.resolve(0);
};

const render = (summary: ClassSummary, layout: Layout): string => {
	const {image, runs, exitCodes, boots, medianPhases, flaky} = summary;
	const codes = exitCodes.map(({exitCode, runs: times}) => `exit code ${exitCode}: ${times}`).join(', ');
	const phases = medianPhases.map(({name, ms}) => `${name} ${seconds(ms)}`).join(' · ');
	return [
		layout.paint('bold', printable(image)),
		wrap(printable(summary.class), layout, {first: '', rest: ''}),
		'',
		`  ${runs.length} ${runs.length === 1 ? 'run' : 'runs'}; ${codes}`,
		...(boots === 0
			? []
			: [
					wrap(`median of ${boots} ${boots === 1 ? 'boot' : 'boots'}: ${phases}`, layout, {
						first: '  ',
						rest: ' '.repeat(4),
					}),
				]),
		...flaky.map(({id, sha256, bad, runs: all}) =>
			wrap(`flaky: ${printable(id)}, bad in ${rateWords(bad, all)} of ${sha256.slice(0, 12)}`, layout, {
				first: '  ',
				rest: ' '.repeat(4),
			}),
		),
		'',
		...runs.slice(0, shownRuns).map((one) => runLine(one)),
		'',
	].join('\n');
};

const runLine = ({startedAt, exitCode, verdicts: rows, directory}: HistoryRun): string => {
	const counted = countVerdicts(rows.map(({verdict}) => verdict));
	const counts = verdicts
		.filter((verdict) => counted[verdict] > 0)
		.map((verdict) => `${counted[verdict]} ${verdictWords[verdict]}`);
	return `  ${startedAt.slice(0, 16).replace('T', ' ')}  ${exitCode}  ${counts.join(', ')}  ${printable(directory)}`;
};
