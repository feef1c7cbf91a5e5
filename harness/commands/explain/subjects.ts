import {requirements} from '../../core/requirements/catalogue.ts';
import {type Requirement, requirementGroups} from '../../core/requirements/types.ts';
import {type Scenario} from '../../machine/scenario.ts';
import {loadScenarios} from '../../runner/load-scenarios.ts';
import {loadMutants} from '../../runner/mutants/load-mutants.ts';
import {type Mutant} from '../../runner/mutants/mutant.ts';
import {endingSubjects} from './endings.ts';
import {imageSubjects} from './image.ts';
import {kernelSubjects} from './kernel.ts';
import {mutantSubject} from './mutant.ts';
import {problemSubjects} from './problem.ts';
import {profileSubjects} from './profile.ts';
import {scenarioSubject} from './scenario.ts';
import {type Subject} from './subject.ts';

/** The requirements, each with what settles it and what must fail it. */
export const loadRequirements = async (): Promise<readonly Subject[]> => {
	const [scenarios, mutants] = await Promise.all([loadScenarios(), loadMutants()]);
	return requirements.map((requirement) => requirementSubject(requirement, {scenarios, mutants}));
};

/**
 * Everything else that can be explained: scenarios, profiles, reference images, test kernels, how a run can end, mutants. An id may stand for two of
 * them.
 */
export const loadOthers = async (): Promise<readonly Subject[]> => {
	const [scenarios, mutants, profiles, images, kernels] = await Promise.all([
		loadScenarios(),
		loadMutants(),
		profileSubjects(),
		imageSubjects(),
		kernelSubjects(),
	]);
	return [
		...scenarios.map((scenario) => scenarioSubject(scenario)),
		...profiles,
		...images,
		...kernels,
		...endingSubjects(),
		...problemSubjects(),
		...mutants.map((mutant) => mutantSubject(mutant)),
	];
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
