/** Of an odd number of samples the one in the middle. */
export const median = (values: readonly number[]): number =>
	values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

/** The median, and every sample. */
export const shown = (values: readonly number[], digits = 1): string =>
	`${median(values).toFixed(digits)} (${values.map((value) => value.toFixed(digits)).join(' ')})`;

/** One line of the table: what, the figure, and what it should be. */
export const row = (what: string, value: string, target = ''): void =>
	console.log(`${what.padEnd(58)} ${value.padEnd(34)} ${target}`.trimEnd());
