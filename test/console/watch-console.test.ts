import {readFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import {Deadline} from '../../harness/core/deadline.ts';
import {type ConsoleProblem} from '../../harness/core/events.ts';
import {watchConsole} from '../../harness/console/watch-console.ts';
import {consoleBytes, cut, places} from './_bytes.ts';
import {type FakePort, openFakePort} from './_fake-port.ts';
import {watchPieces} from './_watch.ts';

const recorded = (name: string): Buffer =>
	readFileSync(path.join(import.meta.dirname, `../fixtures/console/${name}.log`));

const boot = ['firmware', 'bootloader', 'kernel', 'userspace'] as const;

/** Recorded console → phases, and kind and line of the problems. */
const consoles: Readonly<
	Record<string, {phases: readonly string[]; problems: ReadonlyArray<readonly [string, string]>}>
> = {
	'debian-12': {phases: boot, problems: []},
	'no-boot-sector': {phases: ['firmware'], problems: [['no-bootable-device', 'No bootable device.']]},
	'uefi-no-boot-loader': {
		phases: ['firmware'],
		problems: [
			[
				'no-bootable-device',
				'BdsDxe: starting Boot0002 "EFI Internal Shell" from Fv(7CB8BDC9-F8EB-4F34-AAEA-3EE4AF6516A1)/FvFile(7C04A583-9E3E-4F1C-AD65-E05268D0B4D1)',
			],
		],
	},
	'grub-prompt': {phases: ['firmware', 'bootloader'], problems: [['bootloader-prompt', 'grub>']]},
	'grub-no-kernel': {
		phases: ['firmware', 'bootloader'],
		problems: [['bootloader-error', '  Failed to boot both default and fallback entries.']],
	},
	'root-mount-quiet': {
		phases: ['firmware', 'bootloader', 'kernel'],
		problems: [
			['root-mount', '[    6.324511] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)'],
		],
	},
	'initramfs-prompt': {
		phases: boot,
		problems: [
			['initramfs-prompt', 'ALERT!  UUID=00000000-1e3a-4f86-b0a4-2f5e6d7c12e2 does not exist.  Dropping to a shell!'],
		],
	},
	emergency: {
		phases: boot,
		problems: [['emergency-shell', '[  OK  ] Started emergency.service - Emergency Shell.']],
	},
};

for (const [name, {phases, problems}] of Object.entries(consoles)) {
	test(`recorded: ${name}`, (t) => {
		const raw = recorded(name);
		const whole = watchPieces([raw]);
		t.deepEqual(
			whole.phases.map(({phase}) => phase),
			phases,
		);
		t.deepEqual(
			whole.problems.map(({kind, line}) => [kind, line]),
			problems,
		);
		t.deepEqual(watchPieces([...raw].map((byte) => Buffer.from([byte]))), whole, 'a byte at a time');
		fc.assert(
			fc.property(places, (at) => {
				t.deepEqual(watchPieces(cut(raw, at)), whole);
			}),
			{numRuns: 20},
		);
	});
}

test('recorded: a panic with panic=1 is told at each start, five in all', (t) => {
	const {phases, problems} = watchPieces([recorded('panic-loop')]);
	t.is(phases.filter(({phase}) => phase === 'kernel').length, 4);
	t.deepEqual(
		problems.map(({kind}) => kind),
		['root-mount', 'root-mount', 'root-mount', 'root-mount'],
	);
});

test('whatever comes, what is told does not depend on how it was cut', (t) => {
	const alarm = fc.constantFrom(
		'\nKernel panic - not syncing: x\n',
		'\n[    1.000000] BUG: KASAN: x\r\n',
		'\ngrub> ',
		'(initramfs) ',
	);
	const some = fc
		.array(
			fc.oneof(
				alarm.map((text) => Buffer.from(text)),
				consoleBytes,
			),
		)
		.map((parts) => Buffer.concat(parts));
	fc.assert(
		fc.property(some, places, (bytes, at) => {
			t.deepEqual(watchPieces(cut(bytes, at)), watchPieces([bytes]));
		}),
		{numRuns: 1000},
	);
});

/** Problems of a real port, and a way to wait for the next one. */
const listen = (
	fake: FakePort,
): {readonly problems: ConsoleProblem[]; readonly next: () => Promise<ConsoleProblem>} & Disposable => {
	const problems: ConsoleProblem[] = [];
	let wake = Promise.withResolvers<ConsoleProblem>();
	const watch = watchConsole(fake.port, {
		onProblem(problem) {
			problems.push(problem);
			wake.resolve(problem);
			wake = Promise.withResolvers();
		},
		onPhase: () => undefined,
	});
	return {problems, next: async () => wake.promise, [Symbol.dispose]: () => watch[Symbol.dispose]()};
};

const prompts: Readonly<Record<string, string>> = {
	'grub> ': 'bootloader-prompt',
	'grub rescue> ': 'bootloader-prompt',
	'\u001B[4;1Hgrub> \u001B[4;6H': 'bootloader-prompt',
	'(initramfs) ': 'initramfs-prompt',
	'Give root password for maintenance\r\n(or press Control-D to continue): ': 'emergency-shell',
	'Press Enter for maintenance(or press Control-D to continue): ': 'emergency-shell',
	'\n\n -- System halted': 'panic',
};

for (const [text, kind] of Object.entries(prompts)) {
	test(`a prompt is told when nothing follows it: ${JSON.stringify(text)}`, async (t) => {
		await using fake = await openFakePort();
		using watch = listen(fake);
		const told = watch.next();
		fake.guest.write(text);
		t.is((await told).kind, kind);
	});
}

test('a hand-over that nothing follows is told after the silence', async (t) => {
	await using fake = await openFakePort();
	const {promise, resolve} = Promise.withResolvers<string>();
	using _ = watchConsole(fake.port, {onProblem: () => t.fail(), onPhase: (phase) => resolve(phase)});
	fake.guest.write('Booting from Hard Disk...\r\n');
	t.is(await promise, 'bootloader');
});

test('what may still become something else waits for its line’s end: only a prompt is told without', async (t) => {
	await using fake = await openFakePort();
	using watch = listen(fake);
	const told = watch.next();
	fake.guest.write('Kernel panic - not syncing: VFS');
	// The prompt of another port’s watch, on the same clock, comes after its silence.
	await using other = await openFakePort();
	using reference = listen(other);
	const silence = reference.next();
	other.guest.write('grub> ');
	await silence;
	t.is(watch.problems.length, 0);
	fake.guest.write(': Unable to mount root fs on unknown-block(0,0)\r\n');
	t.is((await told).kind, 'root-mount');
});

test('a prompt is told once, also when it is answered; the offset is where it stands in the log', async (t) => {
	await using fake = await openFakePort();
	using watch = listen(fake);
	const told = watch.next();
	fake.guest.write('…\r\n\u001B[1mgrub> ');
	const problem = await told;
	fake.guest.write('ls\r\ngrub> \r\nthe end');
	await fake.port.expect('the end', new Deadline({phase: 'test', budgetMs: 10_000}));
	t.is(watch.problems.length, 1);
	fake.port.flush();
	t.is(readFileSync(fake.logPath).subarray(problem.offset).toString().split('\r')[0], '\u001B[1mgrub> ls');
	t.like(problem, {port: 'ttyS0', severity: 'fatal', line: 'grub>'});
});

test('disposing of it judges the unfinished line, and ends it', async (t) => {
	await using fake = await openFakePort();
	const deadline = new Deadline({phase: 'test', budgetMs: 10_000});
	const watch = listen(fake);
	fake.guest.write('[    1.000000] Kernel panic - not syncing: cut off');
	await fake.port.expect('cut off', deadline);
	t.is(watch.problems.length, 0);
	watch[Symbol.dispose]();
	t.is(watch.problems[0]?.line, '[    1.000000] Kernel panic - not syncing: cut off');
	fake.guest.write('\r\nNo bootable device.\r\nthe end');
	await fake.port.expect('the end', deadline);
	t.is(watch.problems.length, 1);
});
