import test from 'ava';
import {type Loss, judgeWhileLosing} from '../e2e/_lose-interface.ts';
import {bootProbeMachine} from '../e2e/_probe-machine.ts';
import {open} from '../lab/_lab.ts';

// Neither end hears that the other is gone: a transfer ends by 20 s of silence.
const cases: ReadonlyArray<readonly [Loss, RegExp]> = [
	[
		{how: 'down', counter: 'received', afterBytes: 4_000_000},
		/interface ens4 in the middle of the test is down, required up/,
	],
	[
		{how: 'removed', counter: 'sent', afterBytes: 4_000_000},
		/interface ens4 in the middle of the test is gone, required up/,
	],
];
for (const [loss, reason] of cases) {
	test.serial(`an interface that is ${loss.how} in the middle of a transfer (${loss.counter})`, async (t) => {
		t.timeout(400_000);
		await using lab = await open(t);
		await using probe = await bootProbeMachine({lab});
		const {rows, ms} = await judgeWhileLosing(probe, loss);
		t.log(`${(ms / 1000).toFixed(1)} s`);
		for (const row of ['hw.net.tso4', 'throughput.tso4']) {
			t.is(rows.get(row)?.verdict, 'fail');
			t.regex(rows.get(row)?.reason ?? '', reason);
		}

		t.true(ms < 90_000, String(ms));
		t.false(lab.ended.aborted);
	});
}
