import {element, section, table} from './dom.js';
import {linkTo} from './links.js';
import {renderSeen} from './rows.js';

/** @typedef {import('../page-data.ts').PageRun} PageRun */

/** Rows that are about the machine: where the candidate stands on another one than the cloud's, they say so. */
const ofTheMachine = 'hw.';

/** A digest of what crossed the wire is no property of a machine. */
const longestFact = 60;

/** A table of more lines than this helps nobody. */
const mostLines = 300;

/**
 * The machine as both sides saw it, beside what the cloud's machine has.
 * @param {PageRun} run
 */
export const renderMachine = ({rows}) => {
	const lines = rows
		.filter(({id}) => id.startsWith(ofTheMachine))
		.flatMap(({id, evidence}) => evidence.map((sides) => ({id, ...sides, expected: expectedOf(sides)})))
		.filter(({expected}) => expected.length <= longestFact)
		.slice(0, mostLines);
	return section('Machine, against the cloud’s', 'machine', [
		lines.length === 0
			? element('p', {}, ['No row of this run is about the machine.'])
			: table(
					'What the cloud’s machine has, and what was seen here',
					['What', 'The cloud’s', 'Guest', 'Host', 'Row'],
					lines.map(({id, what, expected, guest, host}) => [
						what,
						expected,
						renderSeen(guest),
						renderSeen(host),
						element('a', {href: linkTo(`row-${id}`)}, [id]),
					]),
				),
	]);
};

/** @param {import('../page-data.ts').Sides} sides */
const expectedOf = ({guest, host}) => [...new Set([guest, host].flatMap((seen) => seen?.expected ?? []))].join(' · ');
