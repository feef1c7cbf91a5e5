import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {entry, leftBehind, openPlace} from './_program.ts';

const examples = path.resolve(import.meta.dirname, '../../examples');

test('the script judges a real image by the scenario of one’s own', async (t) => {
	t.timeout(300_000);
	await using place = await openPlace();
	const scenario = path.join(examples, 'own-scenario/no-swap.ts');
	const {stdout, stderr, exitCode} = await execa(
		path.join(examples, 'judge-image/judge.sh'),
		['ref:probe', place.artifacts, '--scenario', scenario, '--only', 'custom.no-swap'],
		{env: {...place.env, BOOTWRIGHT: `${process.execPath} ${entry}`}, reject: false},
	);
	t.deepEqual([stdout, exitCode], ['pass: 1 of 1 rows passed', 0], stderr);
	t.deepEqual(await leftBehind(place), []);
});

test('the machine of one’s own is what the dry run prints', async (t) => {
	const profile = path.join(examples, 'own-profile/eight-cores.yaml');
	const {stdout} = await execa(process.execPath, [entry, 'test', 'ref:probe', '--profile', profile, '--dry-run']);
	t.regex(stdout, /^machine {4}eight-cores: .*, 8 vCPUs, 8192 MiB$/mv);
});
