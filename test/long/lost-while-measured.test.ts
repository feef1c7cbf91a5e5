import test from 'ava';
import {open} from '../lab/_lab.ts';
import {judgeWhileLosing} from '../e2e/_lose-interface.ts';
import {bootProbeMachine} from '../e2e/_probe-machine.ts';
import {runScenarios} from '../e2e/_run-scenarios.ts';

test.serial('an interface that is removed in the middle of a measurement fails its row', async (t) => {
	t.timeout(240_000);
	await using lab = await open(t);
	await using probe = await bootProbeMachine({lab});
	// The transfers before it send 32 MiB.
	const {rows, ms} = await judgeWhileLosing(probe, {how: 'removed', counter: 'sent', afterBytes: 50_000_000});
	t.log(`${(ms / 1000).toFixed(1)} s`);
	t.is(rows.get('hw.net.tso4')?.verdict, 'pass');
	t.like(rows.get('throughput.tso4'), {
		verdict: 'fail',
		reason: 'interface ens4 in the middle of the test is gone, required up (guest)',
	});
	const next = await runScenarios(probe, {ids: /^offload-checksum/v, selected: ['hw.net.checksum']});
	t.like(next.rows.get('hw.net.checksum'), {
		verdict: 'fail',
		reason: 'network interface with the address 42:01:0a:80:00:02 is absent, required there (guest)',
	});
	t.false(lab.ended.aborted);
});
