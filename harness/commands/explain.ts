import {requirementById, requirements} from '../core/requirements/catalogue.ts';
import {requirementIds} from '../core/requirements/ids.ts';
import {type Requirement, requirementGroups} from '../core/requirements/types.ts';
import {matchesGlob} from '../core/glob.ts';
import {type Layout, layoutOf, wrap} from '../report/layout.ts';
import {wantsColor} from '../report/wants-color.ts';
import {loadScenarios} from '../runner/load-scenarios.ts';
import {loadMutants} from '../runner/mutants/load-mutants.ts';
import type {CommandContext} from './command.ts';

/** `bootwright explain ID`: what is required, why, how it is seen, how to mend an image that fails. A pattern explains all that match. */
export const run = async (
	{stdout, env}: CommandContext,
	{json = false}: {readonly json?: boolean},
	id: string,
): Promise<number> => {
	const wanted = requirementIds.some((known) => matchesGlob(id, known))
		? requirements.filter((requirement) => matchesGlob(id, requirement.id))
		: [requirementById(id)];
	const explained = await Promise.all(
		wanted.map(async (requirement) => ({...requirement, ...(await proofOf(requirement))})),
	);
	if (json) {
		stdout.write(`${JSON.stringify(explained.length === 1 ? explained[0] : explained, undefined, 2)}\n`);
	} else {
		const layout = layoutOf({width: stdout.columns, color: wantsColor(stdout, env)});
		stdout.write(explained.map((one) => `${render(one, layout).join('\n')}\n`).join('\n'));
	}

	return 0;
};

type Proof = {
	readonly scenario: string | undefined;
	/** Machines and guests that are wrong in this way, and must fail it. */
	readonly mutants: readonly string[];
};

const proofOf = async ({id}: Requirement): Promise<Proof> => {
	const [scenarios, mutants] = await Promise.all([loadScenarios(), loadMutants()]);
	return {
		scenario: scenarios.find(({proves}) => proves.includes(id))?.id,
		// One change of a kernel configuration stands for the same in all of them.
		mutants: [
			...new Set(
				mutants
					.filter(({fails}) => fails.includes(id))
					.map((mutant) => mutant.id.replace(/^config\/[^\/]+\//v, 'config/*/')),
			),
		],
	};
};

const render = (explained: Requirement & Proof, layout: Layout): readonly string[] => {
	const {id, group, title, why, observed, fix, source, scenario, mutants} = explained;
	const entry = (name: string, text: string): string =>
		wrap(text, layout, {first: `${layout.paint('cyan', name.padEnd(9))} `, rest: ' '.repeat(10)});
	return [
		wrap(`${layout.paint('bold', id)} · ${title}`, layout, {first: '', rest: '  '}),
		layout.paint('dim', requirementGroups.find((one) => one.id === group)?.title ?? ''),
		'',
		entry('why', why),
		entry('guest', observed.guest),
		...(observed.host === undefined ? [] : [entry('host', observed.host)]),
		entry('fix', fix),
		entry('source', source.join('\n')),
		...(mutants.length === 0 ? [] : [entry('mutants', mutants.join(' '))]),
		...(scenario === undefined ? [] : [entry('scenario', `${scenario}: bootwright test IMAGE --only ${id}`)]),
	];
};
