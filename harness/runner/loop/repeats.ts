import {failureTexts} from '../../core/guest-failures.ts';
import {rateWords} from '../../core/statistics.ts';
import {type RunResult} from '../../report/result-schema.ts';
import {type Rows, rowsOfAll} from './changes.ts';

/**
 * What was not good every time in some rounds, each with a result for every image. First how often a guest failed, by kind, and how often
 * a run ended for another reason: "the guest failed in 3 of 20 runs (95 %: 5 to 36 %); hang 1, panic 2". Then how often each row came out as what, of the
 * runs that saw it: "hw.net.gro4: bad in 3 of 17 runs (95 %: 6 to 41 %); fail 3, pass 14". The interval is that of how often it is bad.
 */
export const repeatLines = (rounds: ReadonlyArray<readonly RunResult[]>): readonly string[] => {
	const images = rounds[0] ?? [];
	return [
		...images.flatMap(({image}, index) =>
			failureLines(
				rounds.flatMap((results) => results[index] ?? []),
				images.length === 1 ? '' : `${image.path} `,
			),
		),
		...rowLines(rounds.map((results) => rowsOfAll(results.map(seenOnly)))),
	];
};

/** What the host, a deadline or a person ended says nothing of the guest. */
const failureLines = (results: readonly RunResult[], prefix: string): readonly string[] => {
	const kinds = results.flatMap(({failure}) => failure?.kind ?? []);
	const ofGuest = kinds.filter((kind) => Object.hasOwn(failureTexts, kind));
	const ofRun = kinds.filter((kind) => !Object.hasOwn(failureTexts, kind));
	const line = (what: string, seen: readonly string[], runs: number): readonly string[] =>
		seen.length === 0 ? [] : [`${prefix}${what} in ${rateWords(seen.length, runs)}; ${countWords(countsOf(seen))}`];
	return [
		...line('the guest failed', ofGuest, results.length - ofRun.length),
		...line('the run itself failed', ofRun, results.length),
	];
};

/** A run that failed leaves rows that nobody saw, whose verdicts only say that it did. */
const seenOnly = (result: RunResult): RunResult =>
	result.failure === null
		? result
		: {...result, requirements: result.requirements.filter(({scenario}) => scenario !== '')};

const rowLines = (runs: readonly Rows[]): readonly string[] => {
	const ids = new Set(runs.flatMap((rows) => rows.keys().toArray()));
	return [...ids]
		.map((id) => ({id, counts: countsOf(runs.flatMap((rows) => rows.get(id) ?? []))}))
		.filter(({counts}) => counts.size > 1 || badOf(counts) > 0)
		.map(({id, counts}) => {
			const seen = counts.values().reduce((sum, times) => sum + times, 0);
			return `${id}: bad in ${rateWords(badOf(counts), seen)}; ${countWords(counts)}`;
		});
};

const countsOf = (words: readonly string[]): ReadonlyMap<string, number> => {
	const counts = new Map<string, number>();
	for (const word of words) {
		counts.set(word, (counts.get(word) ?? 0) + 1);
	}

	return counts;
};

const countWords = (counts: ReadonlyMap<string, number>): string =>
	[...counts]
		.map(([word, times]) => `${word} ${times}`)
		.toSorted((a, b) => a.localeCompare(b, 'en'))
		.join(', ');

const badOf = (counts: ReadonlyMap<string, number>): number => (counts.get('fail') ?? 0) + (counts.get('error') ?? 0);
