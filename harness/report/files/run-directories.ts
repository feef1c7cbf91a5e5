import {type RunEvent} from '../../core/events.ts';

/**
 * Where a run's artifacts may lie, the likeliest first.
 * @param place where its events were read
 */
export const directoriesOf = (events: readonly RunEvent[], place: string | undefined): readonly string[] => {
	const made = events.flatMap((event) => (event.type === 'run-started' ? event.artifacts : []));
	return place === undefined ? made : [place, ...made];
};
