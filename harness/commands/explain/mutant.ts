import {stringify} from 'yaml';
import {type Mutant} from '../../runner/mutants/mutant.ts';
import {type Subject, plainSubject} from './subject.ts';

/** A mutant: what is wrong with it, and exactly what must fail by that. */
export const mutantSubject = (mutant: Mutant): Subject => {
	const {id, title, fails, skips = [], dies = false} = mutant;
	return plainSubject({
		kind: 'mutant',
		id,
		title,
		heading: headings[mutant.kind],
		entries: [
			['change', changeOf(mutant)],
			['fails', fails.length === 0 ? 'nothing: the change must not matter' : fails.join(' ')],
			['skips', skips.length === 0 ? undefined : skips.join(' ')],
			['guest', dies ? 'must not live to the end of the run' : undefined],
			['run', `bootwright mutants --only ${id}`],
		],
	});
};

const headings = {
	machine: 'Mutant: a machine that is wrong on purpose',
	guest: 'Mutant: a guest that is wrong on purpose',
	config: 'Mutant: a kernel configuration that is wrong on purpose',
} as const satisfies Record<Mutant['kind'], string>;

const changeOf = (mutant: Mutant): string | undefined => {
	switch (mutant.kind) {
		case 'machine': {
			const {overrides, boot, lab, network, extraBytes} = mutant;
			const changes = {
				...(Object.keys(overrides).length > 0 && {profile: overrides}),
				...(boot === 'kernel' && {boot}),
				...(lab !== undefined && {lab}),
				...(network !== undefined && {network}),
				...(extraBytes !== undefined && {extraBytes}),
			};
			return Object.keys(changes).length === 0 ? 'none' : stringify(changes).trimEnd();
		}

		case 'guest': {
			return mutant.command;
		}

		case 'config': {
			// The title says it; the text is the whole configuration.
			return undefined;
		}
	}
};
