import {type Loss, deal, makeCells, makeSpeeds, playNight} from './night.ts';
import {median} from './table.ts';

/**
 * `node test/bench/simulate-night.ts [MACHINES]`: nights of 10 000 cells on machines of two cores, with figures of docs/benchmarks.md, by four ways to
 * share them out. Medians of seven seeds, and the worst. Starts nothing.
 */
const machines = Number(process.argv[2] ?? 30);
const nights = Array.from({length: 7}, (_, seed) => ({
	cells: makeCells({
		count: 10_000,
		kinds: [
			{share: 0.6, seconds: 67.5}, // a cold run
			{share: 0.2, seconds: 112.5}, // of an image with cloud-init, which takes 45 s more to start
			{share: 0.2, seconds: 11.3}, // a kernel by itself
		],
		spread: 0.25,
		hangs: {share: 0.005, seconds: 1800}, // the whole run's deadline under TCG
		seed,
	}),
	speeds: makeSpeeds(machines, {spread: 0.1, seed: 1000 + seed}),
}));

const ways = [
	{name: 'a shard each, by turns', shards: machines, by: 'turns'},
	{name: 'a shard each, longest first', shards: machines, by: 'longest-first'},
	{name: 'eight shards each, longest first', shards: 8 * machines, by: 'longest-first'},
	{name: 'a queue of cells', shards: 10_000, by: 'longest-first'},
] as const;
const losses: ReadonlyArray<Loss | undefined> = [undefined, {atS: 4 * 3600, spareAfterS: 300}, {atS: 4 * 3600}];

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const hours = (seconds: number, digits = 1): string => (seconds / 3600).toFixed(digits);
const works = nights.map(({cells}) => sum(cells.map(({takesS}) => takesS)));
const ideals = nights.map(({speeds}, index) => works[index]! / sum(speeds));
console.log(`${hours(median(works), 0)} machine hours on ${machines} machines, at best ${hours(median(ideals))} h\n`);
console.log(`${''.padEnd(34)}all stay            one lost after 4 h,  one lost after 4 h,`);
console.log(`${''.padEnd(34)}                    another at 4:05      none in its place`);
for (const {name, ...way} of ways) {
	const columns = losses.map((loss) => {
		const played = nights.map(({cells, speeds}) => playNight(deal(cells, way), {speeds, ...(loss && {loss})}));
		const ends = played.map(({makespanS}) => makespanS);
		const work = median(played.map(({utilisation}) => 100 * utilisation)).toFixed(0);
		return `${hours(median(ends)).padStart(4)} (${hours(Math.max(...ends))}) h ${work} %`.padEnd(21);
	});
	console.log(`${name.padEnd(34)}${columns.join('')}`.trimEnd());
}
