import {bar, element, section, table} from './dom.js';
import {drawArms, drawSamples, drawSizes, sizeName} from './draw-chart.js';
import {grouped} from './text.js';

/** @typedef {import('../page-data.ts').PageRun} PageRun */
/** @typedef {PageRun['measurements'][number]} Measurement */
/** @typedef {NonNullable<Measurement['arms']>[number]} Arms */
/** @typedef {NonNullable<Measurement['frameSizes']>} FrameSizes */

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
					...renderMerged(measurements),
					element(
						'div',
						{class: 'charts'},
						measurements
							.filter(({samples}) => samples.length > 1)
							.flatMap((one) => [
								renderChart(one),
								...(one.arms ?? []).map((arms) => renderArms(one.id, arms)),
								...(one.frameSizes === undefined ? [] : [renderSizes(one.id, one.frameSizes)]),
							]),
					),
				]),
			];

/**
 * How many segments the guest merged into a packet, as bars: one is no merging at all.
 * @param {readonly Measurement[]} measurements
 */
const renderMerged = (measurements) => {
	const all = measurements.flatMap(({id, merged}) =>
		merged === undefined
			? []
			: [
					{name: `${id}, with`, factor: merged.on},
					{name: `${id}, without`, factor: merged.off},
				],
	);
	const most = Math.max(1, ...all.map(({factor}) => factor));
	return all.length === 0
		? []
		: [
				table(
					'Segments that the guest merged into a packet',
					['Row', 'Segments to a packet', ''],
					all.map(({name, factor}) => [name, factor.toFixed(1), bar(0, factor / most)]),
				),
			];
};

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
		drawSamples(room, measurement);
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
 * Each window with and without.
 * @param {string} id
 * @param {Arms} arms
 */
const renderArms = (id, {unit, on, off}) => {
	const room = element('div', {class: 'chart', 'aria-hidden': 'true'});
	room.addEventListener('draw', () => {
		room.replaceChildren();
		drawArms(room, {unit, on, off});
	});
	return element('figure', {}, [
		element('figcaption', {}, [
			element('strong', {}, [`${id}: ${unit}`]),
			' with (filled) and without (open), a window each',
		]),
		room,
		element('details', {}, [
			element('summary', {}, ['Samples']),
			table(
				`${id}: ${unit} of each window`,
				['Window', 'With', 'Without'],
				on.map((value, index) => [index + 1, figure(value), figure(off[index] ?? NaN)]),
			),
		]),
	]);
};

/**
 * How long the frames were, with and without: a histogram.
 * @param {string} id
 * @param {FrameSizes} sizes
 */
const renderSizes = (id, sizes) => {
	const {limits, on, off, unseen} = sizes;
	const room = element('div', {class: 'chart', 'aria-hidden': 'true'});
	room.addEventListener('draw', () => {
		room.replaceChildren();
		drawSizes(room, sizes);
	});
	return element('figure', {}, [
		element('figcaption', {}, [
			element('strong', {}, [`${id}: frame sizes`]),
			` with (filled) and without (open): share of the frames up to each size${unseen === 0 ? '' : `; ${grouped(unseen)} frames could not be counted`}`,
		]),
		room,
		element('details', {}, [
			element('summary', {}, ['Frames']),
			table(
				`${id}: frames of each size`,
				['Up to', 'With', 'Without'],
				on.map((frames, index) => [sizeName(limits, index), grouped(frames), grouped(off[index] ?? 0)]),
			),
		]),
	]);
};
