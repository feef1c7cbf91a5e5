import {type Cell} from './cells.ts';
import {type CellOptions} from './matrix-file.ts';

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

const optionOf = (name: string, value: CellOptions[keyof CellOptions]): readonly string[] => {
	if (value === undefined || value === false) {
		return [];
	}

	if (value === true) {
		return [`--${name}`];
	}

	const values = typeof value === 'object' ? value : [value];
	return values.flatMap((one) => [`--${name}`, String(one)]);
};
