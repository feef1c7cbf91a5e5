import path from 'node:path';
import {seconds} from '../../core/deadline.ts';
import {type Verdict} from '../../core/verdict.ts';
import {printable} from '../../report/printable.ts';
import {type KnownIssue} from '../matrix-file.ts';
import {type Outcome} from '../outcome.ts';
import {countLine, reasonOf, stateOf} from './cell-state.ts';
import {gridOf} from './grid.ts';

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
	return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${text(countLine(outcomes))}</title>
<style>${style}</style>
<h1>${text(countLine(outcomes))}</h1>
<table>
<thead><tr><th scope="col">image</th>${columns.map((name) => `<th scope="col">${text(name)}</th>`).join('')}</tr></thead>
<tbody>
${lines
	.map(
		({name, outcomes: cells}) =>
			`<tr><th scope="row">${text(name)}</th>${cells.map((one) => (one === undefined ? '<td></td>' : `<td>${link(one, folder, words[stateOf(one)])}</td>`)).join('')}</tr>`,
	)
	.join('\n')}
</tbody>
</table>
${gone.map(({id, until}) => `<p>Known issue ${text(id)} (until ${until}) happened nowhere: it may be struck off the list.</p>`).join('\n')}
<h2>Cells</h2>
<table>
<thead><tr><th scope="col">cell</th><th scope="col">verdict</th><th scope="col">why</th><th scope="col">took</th></tr></thead>
<tbody>
${badFirst
	.map((outcome) => {
		const took = outcome.record === undefined ? '' : seconds(outcome.record.durationMs);
		return `<tr id="${text(outcome.cell.id)}"><th scope="row">${link(outcome, folder, outcome.cell.id)}</th><td>${badge(stateOf(outcome))}</td><td>${text(printable(reasonOf(outcome), 2000))}</td><td>${took}</td></tr>`;
	})
	.join('\n')}
</tbody>
</table>
</html>
`;
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

const text = (value: string): string =>
	value.replaceAll(/[&<>"']/gv, (character) => `&#${character.codePointAt(0) ?? 0};`);

const style = `
body{font:16px/1.45 system-ui,sans-serif;margin:1.5rem;max-width:80rem}
table{border-collapse:collapse;margin:1rem 0}
th,td{border:1px solid color-mix(in srgb,currentColor 25%,transparent);padding:.3rem .6rem;text-align:left;vertical-align:top}
a,span{font-weight:600}
.pass{color:light-dark(#0a6b2d,#5fd38a)}.warn{color:light-dark(#7a5200,#e8b64c)}.skip{color:light-dark(#555,#aaa)}
.fail,.error{color:light-dark(#b00020,#ff8a8a)}`;
