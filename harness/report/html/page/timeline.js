import {bar, section, table} from './dom.js';
import {marks, seconds} from './text.js';

/** @typedef {import('../page-data.ts').PageRun} PageRun */

/**
 * When the guest came how far, and how long the scenarios took. Bars are drawn in cells of tables: whoever cannot see them reads them.
 * @param {PageRun} run
 */
export const renderTimeline = ({phases, scenarios}) => {
	const reached = phases.filter(({ms}) => ms !== null);
	const end = Math.max(1, ...reached.map(({ms}) => ms ?? 0));
	const longest = Math.max(1, ...scenarios.map(({durationMs}) => durationMs));
	let before = 0;
	const boot = phases.map(({name, ms}) => {
		if (ms === null) {
			return [name, 'not reached, or not seen', '', ''];
		}

		const from = before;
		before = ms;
		return [name, seconds(ms), seconds(ms - from), bar(from / end, (ms - from) / end)];
	});
	return section('Boot timeline', 'timeline', [
		table('Phases of the boot', ['Phase', 'Reached after', 'Since the phase before', 'Timeline'], boot),
		...(scenarios.length === 0
			? []
			: [
					table(
						'Scenarios',
						['Scenario', 'Verdict', 'Took', 'Of the longest'],
						scenarios.map(({id, verdict, durationMs}) => [
							id,
							`${marks[verdict]} ${verdict}`,
							seconds(durationMs),
							bar(0, durationMs / longest),
						]),
					),
				]),
	]);
};
