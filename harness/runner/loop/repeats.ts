import {rateWords} from '../../core/statistics.ts';
import {type Rows} from './changes.ts';

/**
 * How often each row of some runs came out as what, for those that were not good every time:
 * "hw.net.gro4: bad in 3 of 20 runs (95 %: 5 to 36 %); fail 3, pass 17". The interval is that of how often it is bad.
 */
export const repeatLines = (runs: readonly Rows[]): readonly string[] => {
	const ids = new Set(runs.flatMap((rows) => rows.keys().toArray()));
	return [...ids]
		.map((id) => ({id, counts: countsOf(runs.map((rows) => rows.get(id) ?? 'not judged'))}))
		.filter(({counts}) => counts.size > 1 || badOf(counts) > 0)
		.map(({id, counts}) => {
			const bad = badOf(counts);
			const words = [...counts].map(([verdict, times]) => `${verdict} ${times}`);
			const all = words.toSorted((a, b) => a.localeCompare(b, 'en')).join(', ');
			return `${id}: bad in ${rateWords(bad, runs.length)}; ${all}`;
		});
};

const countsOf = (verdicts: readonly string[]): ReadonlyMap<string, number> => {
	const counts = new Map<string, number>();
	for (const verdict of verdicts) {
		counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
	}

	return counts;
};

const badOf = (counts: ReadonlyMap<string, number>): number => (counts.get('fail') ?? 0) + (counts.get('error') ?? 0);
