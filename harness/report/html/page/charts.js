import {element, section, table} from './dom.js';

/** @typedef {import('../page-data.ts').PageRun} PageRun */
/** @typedef {PageRun['measurements'][number]} Measurement */

/** The library stands before this script in the page. */
const Plot = /** @type {typeof import('uplot')} */ (/** @type {unknown} */ (Reflect.get(globalThis, 'uPlot')));

const chartHeight = 220;

/**
 * Each measurement with its samples and its interval, drawn and as a table.
 * @param {PageRun} run
 */
export const renderCharts = ({measurements}) =>
	measurements.length === 0
		? []
		: [
				section('Measured', 'measured', [
					table(
						'Measurements',
						['Row', 'What', 'Value', '95 % interval', 'Samples'],
						measurements.map(({id, metric, value, ci95: [low, high], samples}) => [
							id,
							metric,
							figure(value),
							`${figure(low)} to ${figure(high)}`,
							samples.length,
						]),
					),
					element(
						'div',
						{class: 'charts'},
						measurements.filter(({samples}) => samples.length > 1).map((measurement) => renderChart(measurement)),
					),
				]),
			];

/** Draws what `renderCharts` left room for, in the colours of the moment; again when these change. */
export const drawCharts = () => {
	for (const room of document.querySelectorAll('.chart')) {
		room.dispatchEvent(new Event('draw'));
	}
};

/** @param {number} value */
const figure = (value) => value.toLocaleString('en', {maximumSignificantDigits: 4, useGrouping: false});

/** @param {Measurement} measurement */
const renderChart = (measurement) => {
	const {id, metric, samples, text} = measurement;
	const room = element('div', {class: 'chart', 'aria-hidden': 'true'});
	room.addEventListener('draw', () => {
		room.replaceChildren();
		draw(room, measurement);
	});
	return element('figure', {}, [
		element('figcaption', {}, [element('strong', {}, [`${id} ${metric}`]), ` ${text}`]),
		room,
		element('details', {}, [
			element('summary', {}, ['Samples']),
			table(
				`Samples of ${id} ${metric}`,
				['Pair', 'Value'],
				samples.map((value, index) => [index + 1, figure(value)]),
			),
		]),
	]);
};

/**
 * @param {HTMLElement} room
 * @param {Measurement} measurement
 */
const draw = (room, {metric, value, ci95: [low, high], samples}) => {
	const pairs = samples.map((_, index) => index + 1);
	/** @param {number} level */
	const all = (level) => pairs.map(() => level);
	const isRatio = metric.endsWith('-ratio');
	const text = colourOf(room, 'text');
	const accent = colourOf(room, 'accent');
	const soft = colourOf(room, 'soft');
	const axis = {stroke: text, grid: {stroke: soft}, ticks: {stroke: soft}};
	const line = {stroke: accent, points: {show: false}};
	return new Plot(
		{
			width: Math.max(280, room.clientWidth),
			height: chartHeight,
			legend: {show: false},
			cursor: {show: false},
			scales: {
				x: {time: false, range: (_, from, to) => [from - 0.5, to + 0.5]},
				// Where with and without would be the same is in view.
				y: {range: (_, from, to) => padded(isRatio ? Math.min(from, 1) : from, isRatio ? Math.max(to, 1) : to)},
			},
			axes: [
				{...axis, label: 'Pair of windows', incrs: [1, 2, 5, 10, 20, 50, 100]},
				{...axis, label: metric, size: 64},
			],
			series: [
				{},
				{...line, width: 0},
				{...line, width: 0},
				{...line, width: 2},
				{stroke: text, width: 1, dash: [4, 4], points: {show: false}, show: isRatio},
				{stroke: accent, paths: () => null, points: {show: true, size: 7, fill: accent}},
			],
			bands: [{series: [2, 1], fill: soft}],
		},
		[pairs, all(low), all(high), all(value), all(1), [...samples]],
		room,
	);
};

/**
 * @param {number} from
 * @param {number} to
 * @returns {[number, number]}
 */
const padded = (from, to) => {
	const pad = (to - from || Math.abs(to) || 1) * 0.1;
	return [from - pad, to + pad];
};

/**
 * A canvas knows no style sheet.
 * @param {HTMLElement} room
 * @param {string} name
 */
const colourOf = (room, name) => {
	const probe = element('span', {class: `colour-${name}`});
	room.append(probe);
	const {color} = getComputedStyle(probe);
	probe.remove();
	return color;
};
