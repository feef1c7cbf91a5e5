import {type Cell} from './cells.ts';

/** Words after `bootwright` that run a cell by hand; what they say, the matrix runs. */
export const cellCommand = (cell: Cell): readonly [string, ...string[]] => [
	'test',
	...(cell.profile === 'gce' ? [] : ['--profile', cell.profile]),
	...(cell.accelerator === 'auto' ? [] : ['--accel', cell.accelerator]),
	...cell.only.flatMap((glob) => ['--only', glob]),
	...cell.skip.flatMap((glob) => ['--skip', glob]),
	...Object.entries(cell.options).flatMap(([name, value]) => optionOf(name, value)),
	...(cell.kernel === true ? ['--kernel', cell.image] : ['--', cell.image]),
];

const optionOf = (name: string, value: string | number | boolean | undefined): readonly string[] => {
	if (value === undefined || value === false) {
		return [];
	}

	return value === true ? [`--${name}`] : [`--${name}`, String(value)];
};
