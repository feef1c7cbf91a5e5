import {requirements} from '../../core/requirements/catalogue.ts';
import {type Requirement, requirementGroups} from '../../core/requirements/types.ts';
import {type Scenario} from '../../machine/scenario.ts';
import {loadScenarios} from '../../runner/load-scenarios.ts';
import {loadMutants} from '../../runner/mutants/load-mutants.ts';
import {type Mutant} from '../../runner/mutants/mutant.ts';
import {errorSubjects, exitSubjects, failureSubjects} from './endings.ts';
import {mutantSubject} from './mutant.ts';
import {scenarioSubject} from './scenario.ts';
import {type Subject} from './subject.ts';

/** Everything that can be explained: requirements, scenarios, how a run can end, mutants. An id may stand for two of them. */
export const loadSubjects = async (): Promise<{
	readonly requirements: readonly Subject[];
	readonly others: readonly Subject[];
}> => {
	const [scenarios, mutants] = await Promise.all([loadScenarios(), loadMutants()]);
	return {
		requirements: requirements.map((requirement) => requirementSubject(requirement, {scenarios, mutants})),
		others: [
			...scenarios.map((scenario) => scenarioSubject(scenario)),
			...failureSubjects(),
			...errorSubjects(),
			...exitSubjects(),
			...mutants.map((mutant) => mutantSubject(mutant)),
		],
	};
};

const requirementSubject = (
	requirement: Requirement,
	proof: {readonly scenarios: readonly Scenario[]; readonly mutants: readonly Mutant[]},
): Subject => {
	const {id, group, title, why, observed, fix, source} = requirement;
	const scenario = proof.scenarios.find(({proves}) => proves.includes(id))?.id;
	const mutants = [
		...new Set(
			proof.mutants
				.filter(({fails}) => fails.includes(id))
				// One change of a kernel configuration stands for the same in all of them.
				.map((mutant) => mutant.id.replace(/^config\/[^\/]+\//v, 'config/*/')),
		),
	];
	return {
		id,
		title,
		heading: requirementGroups.find((one) => one.id === group)?.title ?? '',
		entries: [
			['why', why],
			['guest', observed.guest],
			['host', observed.host],
			['fix', fix],
			['source', source.join('\n')],
			['mutants', mutants.length === 0 ? undefined : mutants.join(' ')],
			['scenario', scenario === undefined ? undefined : `${scenario}: bootwright test IMAGE --only ${id}`],
		],
		json: {...requirement, scenario, mutants},
	};
};
