import {element, section, table} from './dom.js';
import {drawTrend} from './draw-chart.js';
import {linkTo} from './links.js';
import {marks, seconds} from './text.js';

/** @typedef {import('../page-data.ts').PageRun} PageRun */
/** @typedef {import('../page-data.ts').PageHistory} PageHistory */
/** @typedef {PageHistory['trends'][number]} Trend */

/**
 * What changed since the last run like this one, and how its figures went over the runs before.
 * @param {PageRun} run
 */
export const renderHistory = ({history, rows}) => {
	if (history === null) {
		return [];
	}

	const {since, changes, trends} = history;
	const ids = new Set(rows.map(({id}) => id));
	return [
		section('History', 'history', [
			...(since === '' ? [] : [element('p', {}, [sinceWords(since, changes.length)])]),
			...(changes.length === 0
				? []
				: [
						table(
							'What changed',
							['Change', 'What', 'How'],
							changes.map(({title, mark, what, how}) => [
								element('span', {class: mark}, [`${marks[mark]} ${title}`]),
								ids.has(what) ? element('a', {href: linkTo(`row-${what}`)}, [what]) : what,
								how,
							]),
						),
					]),
			...(trends.length === 0
				? []
				: [
						element('p', {}, [
							'Runs of the same image on the same profile and class of hosts, the oldest first. The large dot is this run; the band is what is noise.',
						]),
						element('div', {class: 'charts small'}, trends.map(renderTrend)),
					]),
		]),
	];
};

/**
 * @param {string} since
 * @param {number} count
 */
const sinceWords = (since, count) =>
	`${count === 0 ? 'Nothing' : count === 1 ? 'One thing' : `${count} things`} changed since the run of ${since.slice(0, 16).replace('T', ' ')} UTC.`;

/** @param {Trend} trend */
const renderTrend = (trend) => {
	const {kind, id, points, noise} = trend;
	const value = (/** @type {number} */ number) =>
		kind === 'phase' ? seconds(number) : number.toLocaleString('en', {maximumSignificantDigits: 4});
	const room = element('div', {class: 'chart', 'aria-hidden': 'true'});
	room.addEventListener('draw', () => {
		room.replaceChildren();
		drawTrend(room, trend);
	});
	return element('figure', {}, [
		element('figcaption', {}, [
			element('strong', {}, [kind === 'phase' ? `${id} reached` : id]),
			` ${value(points.at(-1)?.value ?? NaN)}${noise === null ? '' : `, median of ${noise.runs} before ${value(noise.median)}`}`,
		]),
		room,
		element('details', {}, [
			element('summary', {}, ['Runs']),
			table(
				`${id} over the runs`,
				['Run', 'Started', 'Value'],
				points.map(({at, value: number}, index) => [
					index + 1,
					`${new Date(at).toISOString().slice(0, 16).replace('T', ' ')}${index === points.length - 1 ? ', this run' : ''}`,
					value(number),
				]),
			),
		]),
	]);
};
