import {seconds} from '../../core/deadline.ts';
import {exitCodeOfRun} from '../exit-code.ts';
import {printable, printableLines} from '../printable.ts';
import {textOfRow} from '../row-text.ts';
import {type Row, type RunState} from '../run-state.ts';
import {summaryLine, summaryOfRun} from '../summary.ts';
import {markdownText as text} from './markdown-text.ts';
import {nameOfRun} from './name-of-run.ts';

/** So many rows are told in full; a guest on which everything is wrong needs no longer list. */
const mostRows = 40;
const longestReason = 300;

/** Runs as a summary in GitHub's Markdown: the verdict, what is wrong and how to mend it. Short, whatever a guest wrote. */
export const markdownOf = (runs: readonly RunState[]): string => runs.map(summaryOf).join('\n');

const summaryOf = (run: RunState): string => {
	const {started, phases, measurements, guestFailure, runFailure} = run;
	const exitCode = exitCodeOfRun(run);
	const ended = runFailure ?? guestFailure;
	const bad = run.rows.filter(({verdict}) => verdict === 'fail' || verdict === 'error');
	const warned = run.rows.filter(({verdict}) => verdict === 'warn');
	const boot = [...phases].map(([phase, ms]) => `${phase} ${seconds(ms)}`).join(', ');
	return [
		`## ${exitCode === 0 ? '✅' : '❌'} ${text(nameOfRun(run))}`,
		'',
		summaryLine(summaryOfRun(run)),
		...(started === undefined
			? []
			: [
					'',
					`Machine ${text(printable(started.machine.profile))}, QEMU ${text(printable(started.machine.qemu))}. ${boot === '' ? 'The firmware was not reached' : boot}.`,
				]),
		...(ended === undefined
			? []
			: ['', `**${text(printable(ended.message, longestReason))}** ${text(printableLines(ended.hint ?? ''))}`]),
		...table('Wrong', bad),
		...table('Warned', warned),
		...(measurements.length === 0
			? []
			: ['', '| Measured |', '| --- |', ...measurements.map((one) => `| ${text(printable(one.text))} |`)]),
		...(exitCode === 0 || started === undefined ? [] : ['', 'Repeat it:', '', ...fenced(started.command)]),
		'',
	].join('\n');
};

const table = (title: string, rows: readonly Row[]): readonly string[] =>
	rows.length === 0
		? []
		: [
				'',
				`| ${title} | Why | To mend it |`,
				'| --- | --- | --- |',
				...rows.slice(0, mostRows).map((row) => {
					const {title: name, fix = ''} = textOfRow(row);
					const why = text(printable(row.reason, longestReason));
					return `| \`${printable(row.id).replaceAll('`', "'")}\`${name === '' ? '' : `<br>${text(name)}`} | ${why} | ${text(printable(fix, longestReason))} |`;
				}),
				...(rows.length > mostRows ? [`| ${rows.length - mostRows} more | | |`] : []),
			];

/** A fence that is longer than any in the text (CommonMark 0.31, 4.5). */
const fenced = (code: string): readonly string[] => {
	const longest = Math.max(2, ...(code.match(/`+/gv) ?? []).map(({length}) => length));
	const fence = '`'.repeat(longest + 1);
	return [`${fence}sh`, printable(code, 2000), fence];
};
