import type {ExecutionContext} from 'ava';
import {dir} from 'tmp-promise';
import {type HistoryRun} from '../../harness/history/history-run.ts';

export type State = {readonly XDG_STATE_HOME: string};

/** A state directory of the test's own. */
export const openState = async (t: ExecutionContext): Promise<State> => {
	const {path, cleanup} = await dir({unsafeCleanup: true});
	t.teardown(cleanup);
	return {XDG_STATE_HOME: path};
};

/** The run number `index` of a series, an hour after the one before. */
export const runNumber = (index: number, changes: Partial<HistoryRun> = {}): HistoryRun => ({
	directory: `/runs/${index}`,
	startedAt: new Date(Date.UTC(2026, 0, 2, index)).toISOString(),
	image: 'ref:debian-12',
	cell: null,
	sha256: 'ab'.repeat(32),
	profile: 'gce',
	accelerator: 'tcg',
	access: 'metadata',
	host: {processor: 'AMD EPYC', processors: 2, qemu: '10.0.2'},
	version: '0.1.0',
	exitCode: 0,
	phases: [
		{name: 'firmware', ms: 812.4},
		{name: 'kernel', ms: 4900.25 + index},
		{name: 'access', ms: 20_500 + 10 * index},
	],
	measurements: [{id: 'throughput.gro4', metric: 'wall-ratio', value: 1.4 + index / 100, ci95: [1.3, 1.5]}],
	verdicts: [
		{id: 'hw.net.gro4', verdict: 'pass', judged: true},
		{id: 'hw.scsi.spc4', verdict: 'pass', judged: true},
	],
	...changes,
});
