import type {ExecutionContext} from 'ava';
import {pollPause} from '../../harness/core/clock.ts';
import {dnsmasqOf, leftInLab} from './_lab-of.ts';
import {leftBehind, openPlace, resultIn, startJudging} from './_program.ts';

/** Ctrl-C at a moment of a scenario: its exit code, no row blamed, and nothing left. */
export const interruptScenario = async (
	t: ExecutionContext,
	{scenario, afterMs}: {readonly scenario: string; readonly afterMs: number},
): Promise<void> => {
	await using place = await openPlace();
	const {child, event} = startJudging(place, ['ref:probe', '--only', scenario]);
	await event((one) => one.type === 'scenario-started' && one.scenario === scenario);
	const lab = await dnsmasqOf(place);
	await pollPause(afterMs);
	child.kill('SIGINT');
	t.is((await child).exitCode, 130);
	const {failure, requirements} = await resultIn(place);
	t.is(failure?.kind, 'interrupted');
	// What was judged by then stays judged.
	const blamed = requirements.filter(({verdict}) => verdict === 'fail' || verdict === 'error');
	t.deepEqual(
		blamed.map(({id, reason}) => `${id}: ${reason}`),
		[],
	);
	t.deepEqual(await leftInLab(place, lab!.namespace), []);
	t.deepEqual(await leftBehind(place), []);
};
