import test from 'ava';
import {failedRows, judge, leftBehind, openPlace} from '../e2e/_program.ts';

test.serial('an image with cloud-init opens by its user data, and is green on every row', async (t) => {
	t.timeout(900_000);
	await using place = await openPlace();
	const run = await judge(place, ['ref:debian-12-cloud-init']);
	t.deepEqual(failedRows(run.result), []);
	t.is(run.exitCode, 0);
	t.is(run.result.access.method, 'metadata');
	t.deepEqual(
		run.result.requirements.filter(({verdict}) => verdict === 'skip').map(({id}) => id),
		[],
	);
	t.deepEqual(await leftBehind(place), []);
});
