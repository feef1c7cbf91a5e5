import {type RunEvent} from '../../harness/core/events.ts';
import {requirements} from '../../harness/core/requirements/catalogue.ts';
import {compared, runWithHistory} from '../report/with-history.ts';
import {judged, start} from '../report/example-run.ts';

const evidence = (side: 'guest' | 'host', what: string, holds: boolean) => ({
	side,
	what: `${what}, as ${side} sees it`,
	expected: 'some forty characters that are required',
	observed: holds ? 'some forty characters that are required' : 'other ones than those that are required',
	holds,
});

/** The events of a run of all rows with what a real one has: evidence of both sides, measurements, a history; one row in ten is wrong. */
export const simulateRun = (image: string): readonly RunEvent[] => {
	const ids = requirements.map(({id}) => id);
	const {at} = start();
	return [
		start({requirements: ids, image: {path: image, bytes: 2 ** 30, sha256: undefined}}),
		...runWithHistory.filter(({type}) => type === 'phase-reached' || type === 'access-tried'),
		...ids.map((id, index) => {
			const holds = index % 10 !== 0;
			const [first, ...more] = [
				evidence('guest', id, holds),
				evidence('host', id, holds),
				evidence('guest', `${id} again`, true),
			] as const;
			return holds
				? judged(id, {verdict: 'pass', reason: 'as it should be', evidence: [first, ...more]})
				: judged(id, {
						verdict: 'fail',
						reason: `${id} is wrong`,
						evidence: [first, ...more],
						fix: 'Mend it. '.repeat(20),
					});
		}),
		...runWithHistory
			.filter((event) => event.type === 'measured')
			.flatMap((event) =>
				Array.from({length: 6}, (_, index): RunEvent => {
					const samples = Array.from({length: 21}, (_unused, sample) => 1 + sample / 10);
					const {measurement} = event;
					return {
						...event,
						measurement: {
							...measurement,
							id: `throughput.row-${index}`,
							samples,
							arms: [{unit: 'Mbit/s', on: samples, off: samples}],
						},
					};
				}),
			),
		{
			type: 'compared',
			at,
			compared: {
				...compared,
				trends: Array.from({length: 12}, (_, index) => ({
					kind: 'measurement' as const,
					id: `trend-${index}`,
					points: Array.from({length: 50}, (_unused, point) => ({at: at + point, value: 1 + point / 7})),
					noise: null,
				})),
			},
		},
		{type: 'run-finished', at: at + 60_000, durationMs: 60_000, exitCode: 1},
	];
};
