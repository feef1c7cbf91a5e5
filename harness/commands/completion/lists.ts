import {requirementIds} from '../../core/requirements/ids.ts';
import {kernelVariants} from '../../image/build-kernels.ts';
import {imageNames} from '../../image/build.ts';
import {profileNames} from '../../profile/load.ts';
import {loadScenarios} from '../../runner/load-scenarios.ts';
import {loadMutants} from '../../runner/mutants/load-mutants.ts';
import {endingSubjects} from '../explain/endings.ts';
import {problemSubjects} from '../explain/problem.ts';
import {type Lists} from './values.ts';

/** Every id that a person may want to type. */
export const loadLists = async (): Promise<Lists> => ({
	requirements: requirementIds,
	scenarios: idsOf(await loadScenarios()),
	mutants: idsOf(await loadMutants()),
	endings: idsOf([...endingSubjects(), ...problemSubjects()]),
	profiles: await profileNames(),
	images: imageNames().map((name) => `ref:${name}`),
	recipes: imageNames(),
	kernels: Object.keys(kernelVariants()),
});

const idsOf = (all: ReadonlyArray<{readonly id: string}>): readonly string[] => all.map(({id}) => id);
