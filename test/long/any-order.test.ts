import path from 'node:path';
import test from 'ava';
import {machinesIn, orderNext, ownCache, startedIn, verdicts} from '../e2e/_machines.ts';
import {judge, openPlace} from '../e2e/_program.ts';

test.serial('verdicts are the same for any number of copies at once, in any order, and without copies', async (t) => {
	t.timeout(900_000);
	await using place = await openPlace();
	const {machines, ...env} = await ownCache(place);
	// Rows that measure time are settled by that.
	const args = ['ref:probe', '--skip', 'throughput.*'];
	const single = await judge(place, [...args, '--no-copies'], env);
	const rows = verdicts(single.result);
	t.true(rows.length > 50 && rows.every((row) => /(?:pass|warn)$/v.test(row)), rows.join('\n'));
	t.deepEqual(verdicts((await judge(place, args, env)).result), rows);
	const ids = single.result.scenarios.map(({id}) => id).filter((id) => id !== 'boot');
	const [entry = ''] = await machinesIn(machines);
	const half = Math.floor(ids.length / 2);
	const orders = [
		[1, ids],
		[1, ids.toReversed()],
		[4, ids],
		[4, ids.toReversed()],
		[2, [...ids.slice(half), ...ids.slice(0, half)]],
	] as const;
	for (const [jobs, order] of orders) {
		await orderNext(path.join(machines, entry), order);
		const run = await judge(place, [...args, '--jobs', String(jobs)], env);
		const how = `${jobs} at once: ${order.join(' ')}`;
		t.regex(run.stdout, /Not booted/v, how);
		t.deepEqual(verdicts(run.result), rows, how);
		if (jobs === 1) {
			t.deepEqual(await startedIn(place), [...order, 'boot']);
		}
	}
});
