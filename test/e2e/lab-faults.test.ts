import test from 'ava';
import {pollPause} from '../../harness/core/clock.ts';
import {interruptScenario} from './_interrupt-scenario.ts';
import {dnsmasqOf, leftInLab, processOf} from './_lab-of.ts';
import {leftBehind, openPlace, resultIn, startJudging} from './_program.ts';

const message = /^dnsmasq, which serves leases and names in the lab, ended \(SIGKILL\): /;

test.serial('the lab of a copy dies, and that of the next one: the rows of its scenario say so', async (t) => {
	await using place = await openPlace();
	const {child, event} = startJudging(place, ['ref:probe', '--only', 'hw.net.checksum', '--only', 'pci']);
	const namespaces: string[] = [];
	for (let time = 1; time <= 2; time++) {
		await event((one) => one.type === 'scenario-started' && one.scenario === 'offload-checksum');
		const lab = await dnsmasqOf(place);
		namespaces.push(lab!.namespace);
		process.kill(lab!.pid, 'SIGKILL');
	}

	t.is((await child).exitCode, 4);
	const {requirements} = await resultIn(place);
	const bad = requirements.filter(({verdict}) => verdict !== 'pass');
	t.deepEqual(
		bad.map(({id, verdict}) => [id, verdict]),
		[['hw.net.checksum', 'error']],
	);
	t.regex(bad[0]?.reason ?? '', message);
	for (const namespace of namespaces) {
		t.deepEqual(await leftInLab(place, namespace), []);
	}

	t.deepEqual(await leftBehind(place), []);
});

test.serial('dnsmasq dies in the middle of a run: the host is blamed, by name, and no row of the image', async (t) => {
	await using place = await openPlace();
	const {child, event} = startJudging(place, [
		'ref:probe',
		'--only',
		'offload-checksum',
		'--only',
		'offload-tso',
		'--no-copies',
	]);
	await event((one) => one.type === 'scenario-started' && one.scenario === 'offload-checksum');
	const lab = await dnsmasqOf(place);
	process.kill(lab!.pid, 'SIGKILL');
	t.is((await child).exitCode, 4);
	const {failure, requirements} = await resultIn(place);
	t.is(failure?.kind, 'host');
	t.regex(failure?.message ?? '', message);
	t.deepEqual(
		requirements.map(({id, verdict}) => [id, verdict]),
		[
			['hw.net.checksum', 'error'],
			['hw.net.tso4', 'error'],
			['throughput.checksum', 'error'],
			['throughput.tso4', 'error'],
		],
	);
	t.regex(requirements[0]?.reason ?? '', message);
	t.deepEqual(await leftInLab(place, lab!.namespace), []);
	t.deepEqual(await leftBehind(place), []);
});

// From the first process of the lab to the last one it takes some 250 ms; on a busy host more.
const steps: ReadonlyArray<readonly [until: RegExp | undefined, afterMs: number]> = [
	[undefined, 0],
	...[0, 20, 50, 100, 150].map((afterMs) => [/lab-host/v, afterMs] as const),
	...[0, 20, 50].map((afterMs) => [/^dnsmasq /v, afterMs] as const),
];
for (const [until, afterMs] of steps) {
	test.serial(`SIGINT ${afterMs} ms after ${until?.source ?? 'the run began'}, while the lab opens`, async (t) => {
		await using place = await openPlace();
		const {child, event} = startJudging(place, ['ref:probe', '--only', 'net', '--fresh']);
		await event(({type}) => type === 'run-started');
		while (until !== undefined && (await processOf(place, until)) === undefined) {
			await pollPause(1);
		}

		await pollPause(afterMs);
		const lab = await dnsmasqOf(place);
		child.kill('SIGINT');
		t.is((await child).exitCode, 130);
		t.is((await resultIn(place)).failure?.kind, 'interrupted');
		t.deepEqual(lab === undefined ? [] : await leftInLab(place, lab.namespace), []);
		t.deepEqual(await leftBehind(place), []);
	});
}

// More moments: test/long/lab-interrupts.test.ts.
for (const [scenario, afterMs] of [
	['offload-checksum', 700],
	['offload-gro', 3000],
] as const) {
	test.serial(`SIGINT ${afterMs} ms into ${scenario}`, async (t) => interruptScenario(t, {scenario, afterMs}));
}
