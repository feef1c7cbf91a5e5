import {type KnownFailure} from '../../core/events.ts';
import {printable} from '../../report/printable.ts';
import {type Outcome} from '../outcome.ts';

/** A known issue that happened, with its cells and the rows that showed it. */
export type HappenedIssue = {
	readonly issue: KnownFailure;
	readonly places: ReadonlyArray<{readonly cell: string; readonly rows: readonly string[]}>;
};

/** In the order in which the cells showed them. */
export const happenedIssues = (outcomes: readonly Outcome[]): readonly HappenedIssue[] => {
	const seen = outcomes.flatMap(({cell, run}) =>
		run.knownSeen.map(({issue, rows}) => ({issue, place: {cell: cell.id, rows}})),
	);
	return Map.groupBy(seen, ({issue}) => issue.id)
		.values()
		.flatMap((group) => {
			const [first] = group;
			return first === undefined ? [] : [{issue: first.issue, places: group.map(({place}) => place)}];
		})
		.toArray();
};

/** So many cells are named; the reports have a line for each of them anyway. */
const mostPlaces = 3;

/** Parts of a line that tells of one; each is printable. */
export const issueWords = ({issue, places}: HappenedIssue): Readonly<Record<'name' | 'reason' | 'places', string>> => {
	const {id, until, expired, reason} = issue;
	const named = places.slice(0, mostPlaces).map(({cell, rows}) => `${cell} (${printable(rows.join(', '), 200)})`);
	const more = places.length > mostPlaces ? ` and ${places.length - mostPlaces} more` : '';
	return {
		name: `${printable(id)} (until ${until}${expired ? ', which is over: it counts again' : ''})`,
		reason: printable(reason, 1000),
		places: `${named.join(', ')}${more}`,
	};
};
