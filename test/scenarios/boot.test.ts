import test from 'ava';
import {type ConsoleProblem} from '../../harness/core/events.ts';
import {type Machine} from '../../harness/machine/scenario.ts';
import boot from '../../scenarios/boot.ts';
import {fakeGuest} from '../machine/_fake-guest.ts';
import {recorded} from '../machine/observe/_recorded.ts';
import {fakeMachine, run} from './_run.ts';

/** Somebody is in, and the root file system is a partition of the disk. */
const inside = (changes: Parameters<typeof recorded>[1] = {}) => {
	const dump = new Map(
		recorded('linux-6.1', {'/proc/self/mountinfo': '22 1 8:0 / / rw - ext4 /dev/sda rw\n', ...changes}),
	);
	dump.set('/proc/1/comm', Buffer.from('systemd\n'));
	dump.set('/proc/uptime', Buffer.from('17.25 20.00\n'));
	return fakeGuest({dump});
};

const reached = async (machine: Partial<Machine>, guest: ReturnType<typeof inside> | undefined) =>
	(await run(boot, {guest, machine: fakeMachine(machine)})).rows['boot.reached-userspace'];

test('whoever got in sees the first process and the disk', async (t) => {
	const judgement = await reached({}, inside());
	t.is(judgement?.verdict, 'pass');
	t.deepEqual(
		judgement?.evidence.map(({side, observed}) => `${side}: ${observed}`),
		[
			'host: firmware 0.3 s, kernel 4.9 s, userspace 9.1 s, access 20.0 s',
			'guest: systemd, 17.25 s after the kernel started',
			'guest: ext4 from /dev/sda on sda',
		],
	);
	t.like(await reached({}, inside({'/proc/self/mountinfo': '22 1 0:30 / / rw - nfs 10.0.0.1:/ rw\n'})), {
		verdict: 'fail',
		reason: 'root file system is nfs from 10.0.0.1:/, on no disk of the machine, required on the emulated disk (guest)',
	});
});

test('when nobody got in, the consoles tell how far it came', async (t) => {
	const early = [
		{name: 'firmware', ms: 300},
		{name: 'kernel', ms: 4900},
	] as const;
	t.like(await reached({phases: () => early}, undefined), {
		verdict: 'fail',
		reason:
			'phases of the boot, as the serial ports told them is firmware 0.3 s, kernel 4.9 s, required up to user space (host)',
	});
	t.is((await reached({phases: () => [...early, {name: 'userspace', ms: 9000}]}, undefined))?.verdict, 'pass');
	t.like(await reached({phases: () => []}, undefined), {verdict: 'fail'});
});

test('a kernel from outside proves nothing about the image’s own', async (t) => {
	t.like(await reached({boot: {directKernel: true}}, inside()), {
		verdict: 'skip',
		reason: 'the kernel was given with --kernel: the image’s own boot loader and kernel did not run',
	});
	t.is((await reached({boot: {directKernel: true}, phases: () => []}, undefined))?.verdict, 'fail');
});

const problem = (severity: ConsoleProblem['severity'], kind: string, offset: number): ConsoleProblem => ({
	kind,
	severity,
	port: 'ttyS0',
	line: `something about ${kind}`,
	offset,
});

const clean = async (problems: readonly ConsoleProblem[], received = 25_000) => {
	const port = {received} as NonNullable<ReturnType<Machine['port']>>;
	const machine = fakeMachine({problems: () => problems, port: (name) => (name === 'ttyS3' ? undefined : port)});
	return (await run(boot, {guest: undefined, machine})).rows['boot.console-clean'];
};

test('a console that says nothing bad', async (t) => {
	const judgement = await clean([]);
	t.is(judgement?.verdict, 'pass');
	t.deepEqual(
		judgement?.evidence.map(({what, observed}) => `${what}: ${observed}`),
		[
			...['ttyS0', 'ttyS1', 'ttyS2'].map(
				(name) => `${name}, from the first byte to the last: no complaint in 25000 bytes`,
			),
			'ttyS3, from the first byte to the last: nothing came',
		],
	);
	t.like(await clean([], 0), {verdict: 'fail'});
});

test('a warning warns; anything worse fails, and comes first', async (t) => {
	t.like(await clean([problem('warning', 'warn-on', 9)]), {
		verdict: 'warn',
		reason: 'warn-on on ttyS0: "something about warn-on"',
		evidence: [
			{
				side: 'guest',
				what: 'ttyS0, byte 9',
				expected: 'no complaint',
				observed: 'warn-on: something about warn-on',
				holds: false,
			},
		],
	});
	t.like(await clean([problem('warning', 'warn-on', 9), problem('error', 'oops', 20), problem('fatal', 'panic', 30)]), {
		verdict: 'fail',
		reason: 'oops on ttyS0: "something about oops" and 2 more',
	});
	const many = Array.from({length: 500}, (_, index) => problem('error', 'io-error', index));
	t.is((await clean(many))?.evidence.length, 20);
});
