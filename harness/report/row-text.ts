import {requirements} from '../core/requirements/catalogue.ts';
import {requirementGroups} from '../core/requirements/types.ts';
import {printable} from './printable.ts';
import type {Row} from './run-state.ts';

/** Rows of a person's own scenarios. */
const others = 'Others';

/** Titles of the groups in the order of reports. */
export const groupTitles: readonly string[] = [...requirementGroups.map(({title}) => title), others];

const titleOfGroup = new Map<string, string>(requirementGroups.map(({id, title}) => [id, title]));
const catalogue = new Map<string, (typeof requirements)[number]>(
	requirements.map((requirement) => [requirement.id, requirement]),
);

/**
 * What the catalogue says about a row; one that it has not, a person's own, is called by the title of its scenario. How to mend it is the scenario's word first, the catalogue's where the image was
 * found wrong: it cannot help a row that nobody could see.
 */
export const textOfRow = ({
	id,
	title = '',
	judgement,
}: Row): {readonly group: string; readonly title: string; readonly fix: string | undefined} => {
	const requirement = catalogue.get(id);
	const wrong = judgement.verdict === 'fail' || judgement.verdict === 'warn';
	return {
		group: titleOfGroup.get(requirement?.group ?? '') ?? others,
		title: requirement?.title ?? printable(title),
		fix: judgement.fix ?? (wrong ? requirement?.fix : undefined),
	};
};
