import {requirementGroups} from '../core/requirements/types.ts';
import type {Row} from './run-state.ts';

const others = 'Others';

/** Titles of the groups in the order of reports; rows that the catalogue does not know come last. */
export const groupTitles: readonly string[] = [...requirementGroups.map(({title}) => title), others];

/** What the catalogue says about a row; how to mend it is the scenario's word first. */
export const textOfRow = ({
	id,
	judgement,
}: Row): {readonly group: string; readonly title: string; readonly fix: string | undefined} => ({
	group: others,
	title: id,
	fix: judgement.fix,
});
