import {element} from './dom.js';

/** @typedef {import('../page-data.ts').PageRun['measurements'][number]} Measurement */
/** @typedef {NonNullable<Measurement['arms']>[number]} Arms */

/** The library stands before this script in the page. */
const Plot = /** @type {typeof import('uplot')} */ (/** @type {unknown} */ (Reflect.get(globalThis, 'uPlot')));

const chartHeight = 220;

/**
 * The samples of a measurement, its value and its interval.
 * @param {HTMLElement} room
 * @param {Measurement} measurement
 */
export const drawSamples = (room, {metric, value, ci95: [low, high], samples}) => {
	const pairs = samples.map((_, index) => index + 1);
	/** @param {number} level */
	const all = (level) => pairs.map(() => level);
	const isRatio = metric.endsWith('-ratio');
	const {text, accent, soft, ...frame} = frameOf(room, metric);
	const line = {stroke: accent, points: {show: false}};
	return new Plot(
		{
			...frame,
			scales: {
				x: {time: false, range: (_, from, to) => [from - 0.5, to + 0.5]},
				// Where with and without would be the same is in view.
				y: {range: (_, from, to) => padded(isRatio ? Math.min(from, 1) : from, isRatio ? Math.max(to, 1) : to)},
			},
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
 * Each window with and without.
 * @param {HTMLElement} room
 * @param {Arms} arms
 */
export const drawArms = (room, {unit, on, off}) => {
	const {text, accent, soft, ...frame} = frameOf(room, unit);
	return new Plot(
		{
			...frame,
			scales: {
				x: {time: false, range: (_, from, to) => [from - 0.5, to + 0.5]},
				y: {range: (_, from, to) => padded(Math.min(from, 0), to)},
			},
			series: [
				{},
				{stroke: accent, paths: () => null, points: {show: true, size: 8, fill: accent}},
				{stroke: text, paths: () => null, points: {show: true, size: 8, fill: soft}},
			],
		},
		[on.map((_, index) => index + 1), [...on], [...off]],
		room,
	);
};

/**
 * What all charts have: size, axes, and colours to draw with.
 * @param {HTMLElement} room
 * @param {string} label
 */
const frameOf = (room, label) => {
	const text = colourOf(room, 'text');
	const accent = colourOf(room, 'accent');
	const soft = colourOf(room, 'soft');
	const axis = {stroke: text, grid: {stroke: soft}, ticks: {stroke: soft}};
	return {
		text,
		accent,
		soft,
		width: Math.max(280, room.clientWidth),
		height: chartHeight,
		legend: {show: false},
		cursor: {show: false},
		axes: [
			{...axis, label: 'Pair of windows', incrs: [1, 2, 5, 10, 20, 50, 100]},
			{...axis, label, size: 64},
		],
	};
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
