import path from 'node:path';
import {seconds} from '../../core/deadline.ts';
import {type Verdict} from '../../core/verdict.ts';
import {printable} from '../../report/printable.ts';
import {changeLines} from '../../report/change-lines.ts';
import {type KnownIssue} from '../matrix-file.ts';
import {type Outcome} from '../outcome.ts';
import {countLine, reasonOf, stateOf} from './cell-state.ts';
import {changeSummary} from './change-summary.ts';
import {changesOf} from './changes.ts';
import {gridOf} from './grid.ts';
import {happenedIssues, issueWords} from './happened-issues.ts';
import {htmlText as text} from './html-text.ts';
import {sparkline} from './sparkline.ts';

/** Of a cell, below its directory. */
export const cellPage = 'report.html';

const words = {
	pass: 'passed',
	warn: 'warned',
	skip: 'known',
	fail: 'failed',
	error: 'error',
} as const satisfies Record<Verdict, string>;

/**
 * A matrix as a page without a script: the grid, then every cell with its reason. Each leads to the page of its run.
 * @param options.folder of the page, from which the links go
 */
export const matrixHtml = (
	outcomes: readonly Outcome[],
	{gone, folder}: {readonly gone: readonly KnownIssue[]; readonly folder: string},
): string => {
	const {columns, lines} = gridOf(outcomes);
	const badFirst = outcomes.toSorted((a, b) => Number(a.exitCode === 0) - Number(b.exitCode === 0));
	const hasTrends = outcomes.some((outcome) => bootTrend(outcome) !== '');
	return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${text(countLine(outcomes))}</title>
<style>${style}</style>
<h1>${text(countLine(outcomes))}</h1>
${table(
	'Grid',
	['image', ...columns],
	lines.map(
		({name, outcomes: cells}) =>
			`<tr><th scope="row">${text(name)}</th>${cells.map((one) => (one === undefined ? '<td></td>' : `<td>${link(one, folder, words[stateOf(one)])}</td>`)).join('')}</tr>`,
	),
)}
${gone.map(({id, until}) => `<p>Known issue ${text(id)} (until ${until}) happened nowhere: it may be struck off the list.</p>`).join('\n')}
${changed(outcomes, folder)}
<h2>Cells</h2>
${table(
	'Cells',
	['cell', 'verdict', 'why', 'took', ...(hasTrends ? ['boot'] : [])],
	badFirst.map((outcome) => {
		const took = outcome.record === undefined ? '' : seconds(outcome.record.durationMs);
		return `<tr id="${text(outcome.cell.id)}"><th scope="row">${link(outcome, folder, outcome.cell.id)}</th><td>${badge(stateOf(outcome))}</td><td>${text(printable(reasonOf(outcome), 2000))}</td><td>${took}</td>${hasTrends ? `<td>${bootTrend(outcome)}</td>` : ''}</tr>`;
	}),
)}
${issues(outcomes)}
</html>
`;
};

/** What changed since the earlier nights, where there are any. */
const changed = (outcomes: readonly Outcome[], folder: string): string => {
	const changes = changesOf(outcomes);
	if (changes === undefined) {
		return '';
	}

	const cells = new Map(outcomes.map((outcome) => [outcome.cell.id, outcome]));
	const lines = changeLines(changes).map(({title, mark, cell, what, how}) => {
		const outcome = cells.get(cell);
		return `<tr><th scope="row" class="${mark}">${text(title)}</th><td>${outcome === undefined ? text(cell) : link(outcome, folder, cell)}</td><td>${text(what)}</td><td>${text(how)}</td></tr>`;
	});
	return `<h2 id="changes">What changed</h2>
<p>${text(changeSummary(changes))}.</p>
${lines.length === 0 ? '' : table('What changed', ['change', 'cell', 'what', 'how'], lines)}`;
};

/** Known issues that happened: why, and where. */
const issues = (outcomes: readonly Outcome[]): string => {
	const lines = happenedIssues(outcomes).map((one) => {
		const {name, reason, places} = issueWords(one);
		const {link, expired} = one.issue;
		const further = link === undefined ? '' : ` <a href="${text(link)}" rel="noreferrer">${text(printable(link))}</a>`;
		return `<tr><th scope="row" class="${expired ? 'fail' : 'skip'}">${text(name)}</th><td>${text(reason)}${further}</td><td>${text(places)}</td></tr>`;
	});
	return lines.length === 0
		? ''
		: `<h2 id="known">Known issues</h2>\n${table('Known issues', ['known issue', 'why', 'where'], lines)}`;
};

/** A table that is wider than the window scrolls in itself, by keys too. */
const table = (label: string, head: readonly string[], lines: readonly string[]): string =>
	`<div class="scrolls" tabindex="0" role="group" aria-label="${label}"><table>
<thead><tr>${head.map((title) => `<th scope="col">${text(title)}</th>`).join('')}</tr></thead>
<tbody>
${lines.join('\n')}
</tbody>
</table></div>`;

const bootTrend = ({run}: Outcome): string => {
	const phases = run.compared?.trends.filter(({kind}) => kind === 'phase') ?? [];
	const trend = phases.find(({id}) => id === 'access') ?? phases.at(-1);
	return trend === undefined ? '' : sparkline(trend);
};

const badge = (state: Verdict): string => `<span class="${state}">${words[state]}</span>`;

const link = (outcome: Outcome, folder: string, shown: string): string => {
	const state = stateOf(outcome);
	if (outcome.place === undefined) {
		return `<span class="${state}">${text(shown)}</span>`;
	}

	const target = path.relative(folder, path.join(outcome.place, cellPage));
	return `<a class="${state}" href="${text(target.split(path.sep).map(encodeURIComponent).join('/'))}">${text(shown)}</a>`;
};

const style = `
body{font:16px/1.45 system-ui,sans-serif;margin:1.5rem;max-width:80rem}
h1,h2,p{overflow-wrap:anywhere}.scrolls{overflow-x:auto}
table{border-collapse:collapse;margin:1rem 0}
th,td{border:1px solid color-mix(in srgb,currentColor 25%,transparent);padding:.3rem .6rem;text-align:left;vertical-align:top}
a,span{font-weight:600}
.pass{color:light-dark(#0a6b2d,#5fd38a)}.warn{color:light-dark(#7a5200,#e8b64c)}.skip{color:light-dark(#555,#aaa)}
.fail,.error{color:light-dark(#b00020,#ff8a8a)}
svg{display:block}svg path{fill:none;stroke:currentColor;stroke-width:1.5}svg rect{fill:currentColor;opacity:.12}svg circle{fill:light-dark(#0b57d0,#8ab4f8)}
td:has(>svg){min-width:9rem}small{opacity:.75}`;
