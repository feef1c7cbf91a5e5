import {type Compared} from '../../harness/core/changes.ts';
import {type RunEvent} from '../../harness/core/events.ts';
import {exampleRun, start} from './example-run.ts';

const hour = 3_600_000;
const noise = {runs: 14, median: 20_400, low: 18_000, high: 23_000};

/** What a history of fifteen runs said of the example, which was slower than all of them. */
export const compared: Compared = {
	since: {at: start().at - hour, exitCode: 0},
	rows: {
		newlyFailing: [{id: 'hw.scsi.block-size', before: 'pass', after: 'fail'}],
		newlyPassing: [{id: 'hw.scsi.spc4', before: 'fail', after: 'pass'}],
		otherChanges: [],
		newRows: [],
		removedRows: [],
	},
	flaky: [{id: 'hw.net.gro4', sha256: 'ab'.repeat(32), bad: 3, runs: 20}],
	figures: [{kind: 'phase', id: 'access', before: 20_500, after: 31_000, noise, change: 'slower'}],
	trends: [
		{
			kind: 'phase',
			id: 'access',
			points: Array.from({length: 15}, (_, index) => ({
				at: start().at - (14 - index) * hour,
				value: index === 14 ? 31_000 : 20_000 + ((index * 37) % 11) * 100,
			})),
			noise,
		},
		{
			kind: 'measurement',
			id: 'throughput.gro4 wall-ratio',
			points: [1.4, 1.35, 1.39].map((value, index) => ({at: start().at - (2 - index) * hour, value})),
			noise: null,
		},
	],
};

/** The example with what this version knows beside rows: its history, the sizes of frames, how many segments were merged. */
export const runWithHistory: readonly RunEvent[] = [
	...exampleRun.slice(0, -1).map((event) =>
		event.type === 'measured'
			? {
					...event,
					measurement: {
						...event.measurement,
						frameSizes: {
							limits: [64, 128, 2048, 65_536],
							on: [0, 2, 8, 90, 0],
							off: [0, 1, 1199, 0, 0],
							unseen: 0,
						},
						merged: {on: 27.4, off: 1},
					},
				}
			: event,
	),
	{type: 'compared', at: start().at + 40_900, compared},
	...exampleRun.slice(-1),
];
