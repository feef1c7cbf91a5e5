import {chmod, copyFile, mkdir, readFile, readdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {setTimeout} from 'node:timers/promises';
import test from 'ava';
import {execa} from 'execa';
import {type RunEvent} from '../../harness/core/events.ts';
import {ensureImage} from '../../harness/image/build.ts';
import {ownCache} from './_machines.ts';
import {type Place, bootwright, entry, judge, leftBehind, openPlace, resultIn, startJudging} from './_program.ts';

const script = async (file: string, ...lines: readonly string[]): Promise<string> => {
	await writeFile(file, ['#!/bin/sh', ...lines, ''].join('\n'));
	await chmod(file, 0o755);
	return file;
};

test.serial('QEMU is missing', async (t) => {
	await using place = await openPlace();
	const env = {...place.env, BOOTWRIGHT_QEMU: '/nonexistent/qemu-system-x86_64'};
	const {exitCode, stderr} = await bootwright(['test', 'image.raw'], {env});
	t.is(exitCode, 4);
	t.regex(stderr, /^bootwright: \/nonexistent\/qemu-system-x86_64 was not found\n {2}Run harness\/setup\/setup\.sh/);
});

test.serial('QEMU is too old', async (t) => {
	await using place = await openPlace();
	const old = await script(path.join(place.directory, 'qemu'), 'echo "QEMU emulator version 7.2.22 (Debian 1:7.2)"');
	const {exitCode, stderr} = await bootwright(['test', 'image.raw'], {env: {...place.env, BOOTWRIGHT_QEMU: old}});
	t.is(exitCode, 4);
	t.regex(stderr, /is QEMU 7\.2\.22; 8\.2 is the oldest that has the cloud's PIIX4 ISA bridge/);
});

test.serial('QEMU dies at once: its last words are in the message', async (t) => {
	await using place = await openPlace();
	const broken = await script(
		path.join(place.directory, 'qemu-system-x86_64'),
		'case $1 in --version) echo "QEMU emulator version 10.0.2";; *) echo "cannot set up guest memory" >&2; exit 1;; esac',
	);
	const {exitCode, result} = await judge(place, ['ref:probe', '--accel', 'tcg'], {BOOTWRIGHT_QEMU: broken});
	t.is(exitCode, 4);
	t.is(result.failure?.kind, 'host');
	t.regex(result.failure?.message ?? '', /exit code 1: cannot set up guest memory/);
	t.deepEqual(await leftBehind(place), []);
});

test.serial('a cell whose QEMU dies is tried twice, and what the first try left stays', async (t) => {
	await using place = await openPlace();
	const broken = await script(
		path.join(place.directory, 'qemu-system-x86_64'),
		'case $1 in --version) echo "QEMU emulator version 10.0.2";; *) echo "cannot set up guest memory" >&2; exit 1;; esac',
	);
	const file = path.join(place.directory, 'matrix.yaml');
	await writeFile(file, 'images: [ref:probe]\naccelerators: [tcg]\nsets: [{name: pci, only: [hw.pci.*]}]\n');
	const night = path.join(place.directory, 'night');
	const args = ['matrix', file, '--artifacts', night];
	const {exitCode, stdout} = await bootwright(args, {env: {...place.env, BOOTWRIGHT_QEMU: broken}});
	t.is(exitCode, 4);
	t.regex(stdout, /second try/);
	const left = await readdir(path.join(night, 'cells/probe.gce.tcg.pci'));
	t.is(left.filter((name) => name.includes('-ref-probe')).length, 2, left.join(' '));
	t.deepEqual(await leftBehind(place), []);
});

/** Something of the run, by a word of its command line. */
const pidOf = async (pattern: string): Promise<number> => {
	const {stdout} = await execa('pgrep', ['-f', pattern]);
	return Number(stdout.split('\n')[0]);
};

test.serial('QEMU is killed in the middle: the host is blamed, not the image', async (t) => {
	await using place = await openPlace();
	const {child, event} = startJudging(place, ['ref:probe', '--fresh']);
	await event(({type}) => type === 'phase-reached');
	process.kill(await pidOf(`${place.artifacts}.*firmware.log`), 'SIGKILL');
	t.is((await child).exitCode, 4);
	const result = await resultIn(place);
	t.regex(result.failure?.message ?? '', /^QEMU ended by itself \(killed by SIGKILL/);
	t.deepEqual(await leftBehind(place), []);
});

test.serial('QEMU of a copy is killed: its scenario is run once more, on another copy', async (t) => {
	await using place = await openPlace();
	const {child, event} = startJudging(place, ['ref:probe', '--only', 'uart', '--only', 'pci', '--network', 'user']);
	await event((one) => one.type === 'scenario-started' && one.scenario === 'uart');
	process.kill(await pidOf(`${place.artifacts}.*copies/uart/firmware.log`), 'SIGKILL');
	await event(
		(one) =>
			one.type === 'note' &&
			one.text.startsWith(
				'The copy for uart was lost, and its scenario is run again on another one: QEMU ended by itself (killed by SIGKILL',
			),
	);
	t.is((await child).exitCode, 0);
	const {requirements} = await resultIn(place);
	t.deepEqual(
		requirements.filter(({verdict}) => verdict !== 'pass'),
		[],
	);
	t.deepEqual(await leftBehind(place), []);
});

test.serial('QEMU of a copy is killed twice: the rows of its scenario say so, the others are judged', async (t) => {
	await using place = await openPlace();
	const {child, event} = startJudging(place, ['ref:probe', '--only', 'uart', '--only', 'pci', '--network', 'user']);
	for (let time = 1; time <= 2; time++) {
		await event((one) => one.type === 'scenario-started' && one.scenario === 'uart');
		process.kill(await pidOf(`${place.artifacts}.*copies/uart/firmware.log`), 'SIGKILL');
	}

	t.is((await child).exitCode, 4);
	const {requirements} = await resultIn(place);
	const bad = requirements.filter(({verdict}) => verdict !== 'pass');
	t.true(bad.length > 0 && bad.every(({id}) => id.startsWith('hw.uart.')), JSON.stringify(bad));
	t.regex(bad[0]?.reason ?? '', /^QEMU ended by itself \(killed by SIGKILL/);
	t.deepEqual(await leftBehind(place), []);
});

/** Both signals take the same way: each place once, and each signal early and late. */
const phases: ReadonlyArray<readonly ['SIGINT' | 'SIGTERM', string, (event: RunEvent) => boolean]> = [
	['SIGINT', 'at the start', ({type}) => type === 'run-started'],
	['SIGTERM', 'in the firmware', (event) => event.type === 'phase-reached' && event.phase === 'firmware'],
	['SIGINT', 'in the kernel', (event) => event.type === 'phase-reached' && event.phase === 'kernel'],
	['SIGTERM', 'in a scenario', ({type}) => type === 'scenario-started'],
];

const codes = {SIGINT: 130, SIGTERM: 143} as const;

for (const [signal, when, wanted] of phases) {
	test.serial(`${signal} ${when}: everything is gone, and the code says which signal`, async (t) => {
		await using place = await openPlace();
		const {child, event} = startJudging(place, ['ref:probe', '--fresh']);
		await event(wanted);
		child.kill(signal);
		t.is((await child).exitCode, codes[signal]);
		t.is((await resultIn(place)).failure?.kind, 'interrupted');
		t.deepEqual(await leftBehind(place), []);
	});
}

test.serial('SIGINT while a shell is added to the image', async (t) => {
	await using place = await openPlace();
	const {child, event} = startJudging(place, ['ref:debian-12', '--access', 'inject', '--fresh']);
	await event(({type}) => type === 'run-started');
	let ended = false;
	void child.finally(() => {
		ended = true;
	});
	const adding = `guest=bootwright-appliance.*${place.temporary}`;
	while ((await execa('pgrep', ['-f', adding], {reject: false})).exitCode !== 0) {
		t.false(ended, 'it ended without adding anything');
		await setTimeout(20);
	}

	child.kill('SIGINT');
	t.is((await child).exitCode, 130);
	t.deepEqual(await leftBehind(place), []);
});

test.serial('SIGKILL: no process and no file survives', async (t) => {
	await using place = await openPlace();
	const {child, event} = startJudging(place, ['ref:probe', '--fresh']);
	await event((one) => one.type === 'phase-reached' && one.phase === 'kernel');
	child.kill('SIGKILL');
	await child;
	let left = await leftBehind(place);
	for (const startedAt = performance.now(); left.length > 0 && performance.now() - startedAt < 3000;) {
		left = await leftBehind(place);
	}

	t.deepEqual(left, []);
});

test.serial('two runs on one image at once', async (t) => {
	await using first = await openPlace();
	await using second = await openPlace();
	const image = path.join(first.directory, 'shared.raw');
	await copyFile((await ensureImage('probe')).path, image);
	const only = ['--only', 'scsi', '--only', 'pci'];
	const results = await Promise.all([judge(first, [image, ...only]), judge(second, [image, ...only])]);
	t.deepEqual(
		results.map(({exitCode}) => exitCode),
		[0, 0],
	);
	t.is(results[0].result.image.sha256, results[1].result.image.sha256);
});

test.serial('somebody writes to the image during the run', async (t) => {
	await using place = await openPlace();
	const image = path.join(place.directory, 'image.raw');
	await copyFile((await ensureImage('probe')).path, image);
	const {child, event} = startJudging(place, [image, '--only', 'pci']);
	await event((one) => one.type === 'phase-reached' && one.phase === 'kernel');
	await execa('dd', ['if=/dev/zero', `of=${image}`, 'bs=512', 'count=1', 'seek=2000000', 'conv=notrunc']);
	t.is((await child).exitCode, 4);
	t.regex((await resultIn(place)).failure?.message ?? '', /was written to by somebody else during the run/);
});

/** The exit code of judging `probe` in a mount namespace of its own, after a script has given it small file systems. */
const judgeAfter = async (
	place: Place,
	mounts: readonly string[],
	args: readonly string[],
	env: Readonly<Record<string, string>> = {},
): Promise<number | undefined> => {
	const judging = [process.execPath, entry, 'test', 'ref:probe', '--artifacts', place.artifacts, ...args].join(' ');
	const script = [...mounts, `exec ${judging}`].join(' && ');
	const {exitCode} = await execa('unshare', ['--user', '--map-root-user', '--mount', 'sh', '-c', script], {
		reject: false,
		env: {...place.env, ...env},
	});
	return exitCode;
};

for (const [how, args] of [
	['while it boots', ['--fresh']],
	['while it copies a machine that is kept', []],
] as const) {
	test.serial(`the disk is full ${how}`, async (t) => {
		await using place = await openPlace();
		if (args.length === 0) {
			// Keeps a machine, where an earlier run has not done so.
			t.is((await judge(place, ['ref:probe', '--only', 'pci'])).exitCode, 0);
		}

		t.is(await judgeAfter(place, [`mount -t tmpfs -o size=64k none ${place.temporary}`], args), 4);
		const {failure} = await resultIn(place);
		t.is(failure?.kind, 'host');
		t.regex(failure?.message ?? '', /No space left for the overlay/);
	});
}

test.serial('the disk fills up under what the guest writes: the host is blamed', async (t) => {
	t.timeout(120_000);
	await using place = await openPlace();
	const scenario = path.join(place.directory, 'writes.ts');
	const index = path.resolve(import.meta.dirname, '../../harness/index.ts');
	const writing = 'dd if=/dev/zero of=/dev/sda bs=1048576 seek=900 count=16 conv=fsync';
	const what = "id: 'writes', title: 'writes', proves: ['custom.writes'], needsGuest: true";
	await writeFile(
		scenario,
		[
			`import {scenario} from '${index}';`,
			`export default scenario({${what}, run: async (context) => context.guest.run('${writing}')});`,
		].join('\n'),
	);
	const args = ['--scenario', scenario, '--only', 'custom.writes', '--network', 'user', '--no-copies'];
	t.is(await judgeAfter(place, [`mount -t tmpfs -o size=8m none ${place.temporary}`], args), 4);
	const {failure} = await resultIn(place);
	t.is(failure?.kind, 'host');
	t.regex(
		failure?.message ?? '',
		/^The host failed to write what is behind a disk of the guest: No space left on device$/v,
	);
	t.deepEqual(await leftBehind(place), []);
});

test.serial('the disk of the cache fills up while it boots: booted once more, and nothing is saved', async (t) => {
	t.timeout(120_000);
	await using place = await openPlace();
	const {machines, ...env} = await ownCache(place);
	await mkdir(machines);
	// Room enough when it is asked for, none soon after.
	const mounts = [
		`mount -t tmpfs -o size=4g none ${machines}`,
		`{ until ls ${machines}/.growing-*/memory && mount -o remount,size=8m none ${machines}; do sleep 0.05; done >/dev/null 2>&1 & }`,
	];
	t.is(await judgeAfter(place, mounts, ['--only', 'pci', '--network', 'user'], env), 0);
	const {requirements} = await resultIn(place);
	t.true(requirements.every(({verdict}) => verdict === 'pass'));
	const events = await readFile(path.join(place.artifacts, 'latest/events.jsonl'), 'utf8');
	t.regex(
		events,
		/No copies of the booted machine, one boot for all scenarios: \S+\/machines was full \(\d MiB free\) while the machine booted there/v,
	);
	t.regex(
		events,
		/QEMU ended by itself \(killed by SIGBUS\)\. To mend it: Free some, or put the cache elsewhere by XDG_CACHE_HOME=DIR/v,
	);
	t.deepEqual(await leftBehind(place), []);
});

test.serial('the overall deadline passes', async (t) => {
	await using place = await openPlace();
	const {exitCode, result} = await judge(place, ['ref:probe', '--timeout', '1', '--timeout-scale', '1']);
	t.is(exitCode, 5);
	t.is(result.failure?.kind, 'deadline');
	t.deepEqual(await leftBehind(place), []);
});
