import {UsageError} from '../core/errors.ts';
import {matchesGlob} from '../core/glob.ts';
import {didYouMeanPattern} from '../core/nearest.ts';
import {type Scenario} from '../machine/scenario.ts';

/** What `--only` and `--skip` leave of all rows, and the scenarios that settle them. */
export type Selection = {readonly requirements: readonly string[]; readonly scenarios: readonly Scenario[]};

/**
 * Applies `--only` and `--skip`; each pattern names requirement or scenario ids. Pure.
 * @throws UsageError for a pattern that matches nothing, and when nothing is left: selecting nothing is never a pass.
 */
export const select = (
	scenarios: readonly Scenario[],
	{only, skip}: {readonly only: readonly string[]; readonly skip: readonly string[]},
): Selection => {
	const rows = scenarios.flatMap((scenario) => scenario.proves.map((id) => ({id, scenario})));
	const names = [...new Set([...rows.map(({id}) => id), ...scenarios.map(({id}) => id)])];
	for (const pattern of [...only, ...skip]) {
		if (names.every((name) => !matchesGlob(pattern, name))) {
			throw new UsageError(`"${pattern}" matches no requirement and no scenario.${didYouMeanPattern(pattern, names)}`, {
				hint: 'See "bootwright list requirements".',
			});
		}
	}

	const matches = (patterns: readonly string[], row: (typeof rows)[number]): boolean =>
		patterns.some((pattern) => matchesGlob(pattern, row.id) || matchesGlob(pattern, row.scenario.id));
	const left = rows.filter((row) => (only.length === 0 || matches(only, row)) && !matches(skip, row));
	if (left.length === 0) {
		throw new UsageError('Nothing is selected: --only and --skip leave no requirement to judge', {
			hint: 'See "bootwright list requirements".',
		});
	}

	const kept = new Set(left.map(({scenario}) => scenario));
	for (const scenario of scenarios) {
		const named = (patterns: readonly string[]): boolean =>
			patterns.some((pattern) => matchesGlob(pattern, scenario.id));
		// One that settles no row tells something about the image; it runs with the others.
		if (scenario.proves.length === 0 && (only.length === 0 || named(only)) && !named(skip)) {
			kept.add(scenario);
		}
	}

	return {requirements: left.map(({id}) => id), scenarios: scenarios.filter((scenario) => kept.has(scenario))};
};
