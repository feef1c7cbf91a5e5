import {type Trend} from '../../core/changes.ts';
import {seconds} from '../../core/deadline.ts';
import {htmlText as text} from './html-text.ts';

const width = 140;
const height = 28;
/** Half the dot of the last run. */
const margin = 4;

/**
 * A trend as a picture of some hundred bytes that needs no script: the runs from left to right, the noise behind them as a band where it
 * is known, and this run as a dot. Its title says the same in words.
 */
export const sparkline = ({id, points, noise}: Trend): string => {
	const values = points.map(({value}) => value);
	const [low, high] = [Math.min(...values), Math.max(...values)];
	const x = (index: number): string =>
		(margin + ((width - 2 * margin) * index) / Math.max(1, points.length - 1)).toFixed(1);
	const y = (value: number): number => height - margin - ((height - 2 * margin) * (value - low)) / (high - low || 1);
	const clamped = (value: number): number => Math.max(0, Math.min(height, y(value)));
	const last = values.at(-1) ?? 0;
	const earlier = values.slice(0, -1);
	const said = `${text(id)} after ${seconds(last)}; ${earlier.length} earlier runs from ${seconds(Math.min(...earlier))} to ${seconds(Math.max(...earlier))}`;
	const band =
		noise === null
			? ''
			: `<rect x="0" width="${width}" y="${clamped(noise.high).toFixed(1)}" height="${(clamped(noise.low) - clamped(noise.high)).toFixed(1)}"/>`;
	return `<svg role="img" width="${width}" height="${height}"><title>${said}</title>${band}<path d="M${values.map((value, index) => `${x(index)} ${y(value).toFixed(1)}`).join('L')}"/><circle cx="${x(points.length - 1)}" cy="${y(last).toFixed(1)}" r="${margin - 0.5}"/></svg><small>${seconds(last)}</small>`;
};
