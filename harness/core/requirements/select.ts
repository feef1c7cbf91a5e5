import {UsageError} from '../errors.ts';
import {matchesGlob} from '../glob.ts';
import {didYouMean} from '../nearest.ts';
import {type RequirementId, requirementIds} from './ids.ts';

type Selection = {
	/** Globs of requirement or scenario ids; empty: everything. */
	readonly only: readonly string[];
	readonly skip: readonly string[];
	/** Scenarios, so that their ids select what they prove. */
	readonly scenarios?: ReadonlyArray<{readonly id: string; readonly proves: readonly RequirementId[]}>;
};

/**
 * The rows that `--only` and `--skip` leave, in the order of reports. A glob that matches a scenario's id stands for all
 * rows that the scenario proves.
 * @throws UsageError for a glob that matches nothing, and when nothing is left
 */
export const selectRequirements = ({only, skip, scenarios = []}: Selection): readonly RequirementId[] => {
	const named = (globs: readonly string[], option: string): ReadonlySet<RequirementId> =>
		new Set(globs.flatMap((glob) => matched(glob, {option, scenarios})));
	const wanted = only.length === 0 ? new Set(requirementIds) : named(only, '--only');
	const unwanted = named(skip, '--skip');
	const selected = requirementIds.filter((id) => wanted.has(id) && !unwanted.has(id));
	if (selected.length === 0) {
		throw new UsageError('--only and --skip together select no requirement');
	}

	return selected;
};

const matched = (
	glob: string,
	{option, scenarios}: {readonly option: string; readonly scenarios: NonNullable<Selection['scenarios']>},
): readonly RequirementId[] => {
	const own = requirementIds.filter((id) => matchesGlob(glob, id));
	const byScenario = scenarios.filter(({id}) => matchesGlob(glob, id));
	if (own.length === 0 && byScenario.length === 0) {
		const known = [...requirementIds, ...scenarios.map(({id}) => id)];
		throw new UsageError(`${option} ${glob} matches no requirement and no scenario.${didYouMean(glob, known)}`, {
			hint: 'bootwright list requirements; bootwright list scenarios',
		});
	}

	return [...own, ...byScenario.flatMap(({proves}) => proves)];
};
