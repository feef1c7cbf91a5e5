import {type RunEvent} from '../../core/events.ts';
import {findConsoles} from '../html/console-files.ts';

/**
 * Where a run's artifacts may lie, the likeliest first.
 * @param place where its events were read
 */
export const directoriesOf = (events: readonly RunEvent[], place: string | undefined): readonly string[] => {
	const made = events.flatMap((event) => (event.type === 'run-started' ? event.artifacts : []));
	return place === undefined ? made : [place, ...made];
};

/** The files of consoles in all of the directories: pages are made of them. */
export const consoleFilesIn = async (directories: readonly string[]): Promise<readonly string[]> => {
	const found = await Promise.all(directories.map(async (directory) => findConsoles([directory])));
	return found.flatMap(({files}) => files.flatMap(({log, timing}) => [log, timing]));
};
