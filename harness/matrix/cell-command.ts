import {type Cell} from './cells.ts';

/** Words after `bootwright` that run a cell by hand; what they say, the matrix runs. */
export const cellCommand = ({image, profile, accelerator, only, skip, options}: Cell): readonly string[] => [
	'test',
	...(profile === 'gce' ? [] : ['--profile', profile]),
	...(accelerator === 'auto' ? [] : ['--accel', accelerator]),
	...only.flatMap((glob) => ['--only', glob]),
	...skip.flatMap((glob) => ['--skip', glob]),
	...Object.entries(options).flatMap(([name, value]) =>
		typeof value === 'boolean' ? (value ? [`--${name}`] : []) : value === undefined ? [] : [`--${name}`, String(value)],
	),
	'--',
	image,
];
