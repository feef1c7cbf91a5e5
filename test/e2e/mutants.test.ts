import test from 'ava';
import {bootwright, leftBehind, openPlace} from './_program.ts';

type Report = {
	readonly mutants: ReadonlyArray<{
		readonly id: string;
		readonly caught: boolean;
		readonly observed: readonly string[];
	}>;
	readonly caught: number;
	readonly falseAlarms: number;
};

/** All of them take minutes and have a target of their own (`make mutants`): here one of each kind, and all that need no boot. */
test.serial('mutants of each kind are caught exactly, and the score says so', async (t) => {
	t.timeout(600_000);
	await using place = await openPlace();
	// The guest of the last one resets an adapter of a copy, which ended QEMU once.
	const globs = ['config/*', 'num-queues-4', 'net-no-driver'];
	const {exitCode, stdout, stderr} = await bootwright(
		['mutants', '--json', ...globs.flatMap((glob) => ['--only', glob])],
		{env: place.env},
	);
	t.is(exitCode, 0, stderr);
	const report = JSON.parse(stdout) as Report;
	t.true(report.mutants.length > 100);
	t.is(report.caught, report.mutants.length);
	t.is(report.falseAlarms, 0);
	const observed = (id: string) => report.mutants.find((mutant) => mutant.id === id)?.observed;
	t.deepEqual(observed('num-queues-4'), ['hw.scsi.single-queue']);
	t.true(observed('net-no-driver')?.includes('kernel.VIRTIO_NET'));
	t.deepEqual(await leftBehind(place), []);
});

test('a mutant that nobody knows', async (t) => {
	const {exitCode, stderr} = await bootwright(['mutants', '--only', 'num-queues-5']);
	t.is(exitCode, 2);
	t.is(
		stderr,
		'bootwright: --only num-queues-5 matches no mutant. Did you mean "num-queues-4"?\n  bootwright list mutants',
	);
});
