import {element} from './dom.js';

/** @typedef {import('../page-data.ts').PageRun['measurements'][number]} Measurement */
/** @typedef {NonNullable<Measurement['arms']>[number]} Arms */
/** @typedef {NonNullable<Measurement['frameSizes']>} FrameSizes */
/** @typedef {import('../../../core/changes.ts').Trend} Trend */

/** The library stands before this script in the page. */
const Plot = /** @type {typeof import('uplot')} */ (/** @type {unknown} */ (Reflect.get(globalThis, 'uPlot')));

const barsOf = /** @type {import('uplot').Series.BarsPathBuilderFactory} */ (Plot.paths.bars);

const chartHeight = 220;
const trendHeight = 180;

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
 * A histogram of frame sizes: which share of the frames of each arm is in which bin.
 * @param {HTMLElement} room
 * @param {FrameSizes} sizes
 */
export const drawSizes = (room, {limits, on, off}) => {
	const {text, accent, soft, axes, ...frame} = frameOf(room, '% of the frames');
	const [x, y] = axes;
	/** @param {readonly number[]} frames */
	const shares = (frames) => {
		const all = frames.reduce((sum, count) => sum + count, 0);
		return frames.map((count) => (all === 0 ? 0 : (100 * count) / all));
	};
	/** @param {1 | -1} align */
	const bars = (align) => barsOf({size: [0.4, 40], align});
	return new Plot(
		{
			...frame,
			axes: [
				{
					...x,
					label: 'Up to so many bytes (K: 1024)',
					splits: () => on.map((_, index) => index),
					values: (_, splits) => splits.map((index) => sizeName(limits, index)),
				},
				{...y},
			],
			scales: {x: {time: false, range: (_, from, to) => [from - 0.6, to + 0.6]}, y: {range: [0, 100]}},
			series: [
				{},
				{stroke: accent, fill: accent, paths: bars(-1), points: {show: false}},
				{stroke: text, fill: soft, paths: bars(1), points: {show: false}},
			],
		},
		[on.map((_, index) => index), shares(on), shares(off)],
		room,
	);
};

/**
 * `64`, `1K`, `more`: the upper end of a bin of a histogram, in bytes; short, as twelve stand below a chart.
 * @param {readonly number[]} limits
 * @param {number} index
 */
export const sizeName = (limits, index) => {
	const limit = limits[index];
	return limit === undefined ? 'more' : limit < 1024 ? String(limit) : `${limit / 1024}K`;
};

/**
 * A figure over the runs, the oldest first: the noise as a band where it is known, this run as a larger dot.
 * @param {HTMLElement} room
 * @param {Trend} trend
 */
export const drawTrend = (room, {kind, points, noise}) => {
	const scale = kind === 'phase' ? 1000 : 1;
	const values = points.map(({value}) => value / scale);
	/** @param {number | undefined} level */
	const all = (level) => points.map(() => (level === undefined ? null : level / scale));
	const {text, accent, soft, axes, ...frame} = frameOf(room, kind === 'phase' ? 'seconds' : 'value');
	const [x, y] = axes;
	return new Plot(
		{
			...frame,
			height: trendHeight,
			axes: [
				{...x, label: 'Run', values: (_, splits) => splits.map((run) => (Number.isSafeInteger(run) ? run : ''))},
				// A low chart has room for a line more often than the library thinks.
				{...y, space: 18},
			],
			scales: {
				x: {time: false, range: (_, from, to) => [from - 0.5, to + 0.5]},
				y: {range: (_, from, to) => padded(from, to)},
			},
			series: [
				{},
				{width: 0, points: {show: false}},
				{width: 0, points: {show: false}},
				{stroke: text, width: 1, points: {show: true, size: 4, fill: text}},
				{stroke: accent, paths: () => null, points: {show: true, size: 11, fill: accent}},
			],
			bands: [{series: [2, 1], fill: soft}],
		},
		[
			points.map((_, index) => index + 1),
			all(noise?.low),
			all(noise?.high),
			values,
			values.map((value, index) => (index === values.length - 1 ? value : null)),
		],
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
