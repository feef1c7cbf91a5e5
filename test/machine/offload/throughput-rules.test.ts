import test from 'ava';
import {Deadline} from '../../../harness/core/deadline.ts';
import {type Evidence, judgeEvidence} from '../../../harness/core/verdict.ts';
import {type Lab} from '../../../harness/lab/open-lab.ts';
import {windowsOf} from '../../../harness/machine/offload/throughput-rules.ts';
import {type Machine} from '../../../harness/machine/scenario.ts';

test('the stream’s own direction is what is counted', async (t) => {
	using deadline = new Deadline({phase: 'test', budgetMs: 1000});
	const [toGuest, fromGuest] = [
		{bytes: 1, frames: 2},
		{bytes: 3, frames: 4},
	] as const;
	const lab = {counters: async () => ({toGuest, fromGuest})} as unknown as Lab;
	const machine = {vcpuMs: async () => 5} as unknown as Machine;
	const {counters} = windowsOf(machine, {lab, direction: 'toGuest', deadline});
	t.deepEqual(await counters(), {stream: toGuest, vcpuMs: 5});
	t.deepEqual((await windowsOf(machine, {lab, direction: 'fromGuest', deadline}).counters()).stream, fromGuest);
});

test('what needs no measurement is judged by what is missing', (t) => {
	const off: Evidence = {side: 'guest', what: 'TSO', expected: 'on', observed: 'off', holds: false};
	t.like(judgeEvidence([off]), {verdict: 'fail', reason: 'TSO is off, required on (guest)'});
});
