import {type Scenario} from '../../machine/scenario.ts';
import {type Subject, plainSubject} from './subject.ts';

/** A scenario: the rows that it settles, and what it needs for that. */
export const scenarioSubject = (scenario: Scenario): Subject => {
	const {id, title, proves} = scenario;
	return plainSubject({
		kind: 'scenario',
		id,
		title,
		heading: 'Scenario',
		entries: [
			['settles', proves.length === 0 ? 'no row; it tells in the notes what it saw' : proves.join(' ')],
			['needs', needsOf(scenario)],
			['file', `scenarios/${id}.ts`],
			['run', `bootwright test IMAGE --only ${id}`],
		],
	});
};

const needsOf = ({needsGuest, usesTools, usesLab, alone, unhurried, order}: Scenario): string => {
	const needs = [
		needsGuest ? 'a root shell in the guest' : 'no shell: it runs also when nobody got in',
		...(usesTools === true ? ['tools that the image may lack'] : []),
		...(usesLab === true ? ['the network lab'] : []),
		...(alone === true ? ['the host for itself while it measures'] : []),
		...(unhurried === true ? ['time by the size of the image'] : []),
		...(order === undefined ? [] : [`a place ${order === 'late' ? 'after those that only look' : 'at the end'}`]),
	];
	return needs.join('; ');
};
