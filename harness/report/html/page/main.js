import {drawCharts, renderCharts} from './charts.js';
import {renderConsoles} from './consoles.js';
import {consolesOf} from './console-store.js';
import {blocks, dataOf, element} from './dom.js';
import {bringTo, linksAreOf, linkTo, placeOf} from './links.js';
import {renderHistory} from './history.js';
import {renderMachine} from './machine.js';
import {renderOverview} from './overview.js';
import {renderRows, unhideRow} from './rows.js';
import {renderTimeline} from './timeline.js';

/** @typedef {import('../page-data.ts').PageRun} PageRun */

const report = /** @type {HTMLElement} */ (document.querySelector('#report'));
const runs = blocks('run').map((block) => /** @type {PageRun} */ (dataOf(block)));

/** @type {{readonly run: number, consoles: ReturnType<typeof renderConsoles> | undefined}} */
let shown = {run: -1, consoles: undefined};

/** Everything but the consoles: they stand behind this script, and are long. */
const showRun = (/** @type {number} */ index) => {
	const run = runs[index];
	if (run === undefined) {
		report.replaceChildren(element('p', {}, ['This page has no such run.']));
		return;
	}

	shown = {run: index, consoles: undefined};
	linksAreOf(index);
	document.title = `${run.isGreen ? '✔' : '✖'} ${run.name} · Bootwright`;
	report.replaceChildren(
		...renderOverview(run),
		renderRows(run),
		renderTimeline(run),
		...renderCharts(run),
		...renderHistory(run),
		renderMachine(run),
	);
	drawCharts();
	for (const link of document.querySelectorAll('#runs a')) {
		link.toggleAttribute('aria-current', link.getAttribute('href') === linkTo('report', index));
	}
};

const showConsoles = async () => {
	const run = runs[shown.run];
	if (run !== undefined && shown.consoles === undefined) {
		shown.consoles = renderConsoles(run, consolesOf(shown.run));
		report.append(shown.consoles.node);
		await shown.consoles.open();
	}
};

/** Shows what the address names: a row, a line of a console, a problem, a section. */
const follow = async () => {
	const {run, target} = placeOf(location.hash);
	if (run !== shown.run) {
		showRun(run);
	}

	if (document.readyState === 'loading') {
		return;
	}

	await showConsoles();
	const [, name, line] = /^console-(.+)-L(\d+)$/v.exec(target) ?? [];
	const [, problem] = /^problem-(\d+)$/v.exec(target) ?? [];
	const part = target === '' ? null : document.querySelector(`#${CSS.escape(target)}`);
	if (name !== undefined) {
		await shown.consoles?.goTo(name, Number(line));
	} else if (problem !== undefined) {
		const place = await shown.consoles?.placeOfProblem(Number(problem) - 1);
		await (place && shown.consoles?.goTo(place.console.name, place.line));
	} else if (part !== null) {
		unhideRow(/** @type {HTMLElement} */ (part));
		bringTo(/** @type {HTMLElement} */ (part));
	}
};

const scheme = /** @type {HTMLSelectElement} */ (document.querySelector('#scheme'));
scheme.addEventListener('change', () => {
	document.documentElement.style.colorScheme = scheme.value;
	drawCharts();
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawCharts);
addEventListener('hashchange', () => void follow());
document.addEventListener('DOMContentLoaded', () => void follow());
const nav = /** @type {HTMLElement} */ (document.querySelector('#runs'));
nav.hidden = runs.length < 2;
nav.append(
	...runs.map(({name, isGreen}, index) =>
		element('a', {href: linkTo('report', index)}, [`${isGreen ? '✔' : '✖'} ${name}`]),
	),
);
showRun(placeOf(location.hash).run);
