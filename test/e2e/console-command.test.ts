import {EventEmitter, once} from 'node:events';
import {mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {setTimeout} from 'node:timers/promises';
import {type IPty, spawn} from 'node-pty';
import headless from '@xterm/headless';
import test from 'ava';
import {ensureImage} from '../../harness/image/build.ts';
import {bootwright, entry, leftBehind, openPlace} from './_program.ts';

/** In CI nobody sits at a terminal; here somebody does. */
const atDesk = Object.fromEntries(Object.entries(process.env).filter(([name]) => name !== 'CI'));

/** A person at a terminal: everything shown so far, and waits that end after two minutes, with the end of what was shown. */
const person = (terminal: IPty) => {
	let shown = '';
	let exitCode: number | undefined;
	const changes = new EventEmitter();
	terminal.onData((text) => {
		shown += text;
		changes.emit('change');
	});
	terminal.onExit((end) => {
		({exitCode} = end);
		changes.emit('change');
	});
	const until = async <T>(what: string, seen: () => T | undefined): Promise<T> => {
		const signal = AbortSignal.timeout(120_000);
		for (;;) {
			const found = seen();
			if (found !== undefined) {
				return found;
			}

			try {
				await once(changes, 'change', {signal});
			} catch (error) {
				throw new Error(`${what} did not come: ${JSON.stringify(shown.slice(-2000))}`, {cause: error});
			}
		}
	};

	return {
		shown: () => shown,
		ends: async (): Promise<number> => until('the end', () => exitCode),
		sees: async (words: RegExp): Promise<void> => {
			await until(String(words), () => {
				if (words.test(shown)) {
					return true;
				}

				if (exitCode !== undefined) {
					throw new Error(`ended without ${String(words)}: ${JSON.stringify(shown.slice(-2000))}`);
				}

				return undefined;
			});
		},
		/** Who has had enough closes the window, whatever runs in it. */
		[Symbol.dispose](): void {
			if (exitCode === undefined) {
				terminal.kill('SIGKILL');
			}
		},
	};
};

test.serial(
	'the serial console on a real terminal: typed commands reach the guest, the escape key ends it',
	async (t) => {
		t.timeout(300_000);
		await using place = await openPlace();
		const terminal = spawn(process.execPath, [entry, 'console', 'ref:probe'], {
			cols: 100,
			rows: 30,
			env: {...atDesk, ...place.env},
		});
		using somebody = person(terminal);
		const {sees, ends} = somebody;
		await sees(/ttyS0 of .* on this terminal; Ctrl-\] ends the machine\./);
		await sees(/Linux version/);
		// busybox asks the terminal where its cursor is when it has begun to read.
		await sees(/~ # .\[6n/);
		terminal.write('echo four $((2+2))\r');
		await sees(/\nfour 4\r+\n/);
		terminal.write('\u001D');
		t.is(await ends(), 0);
		t.deepEqual(await leftBehind(place), []);
	},
);

test.serial(
	'qemu.sh starts a kernel’s machine once more, with its modules, and what is typed reaches it',
	async (t) => {
		t.timeout(300_000);
		await using place = await openPlace();
		const {directory} = await ensureImage('probe');
		const modules = path.join(place.directory, 'modules/lib/modules/1.2.3');
		await mkdir(path.join(modules, 'kernel'), {recursive: true});
		await writeFile(path.join(modules, 'modules.dep'), 'kernel/one.ko:\n');
		await writeFile(path.join(modules, 'kernel/one.ko'), 'no module');
		const kernel = ['--kernel', path.join(directory, 'vmlinuz'), '--modules', path.join(place.directory, 'modules')];
		const {exitCode, stderr} = await bootwright(
			['test', ...kernel, '--only', 'hw.pci.*', '--no-copies', '--artifacts', place.artifacts],
			{env: place.env},
		);
		t.is(exitCode, 0, stderr);
		t.deepEqual(await leftBehind(place), []);
		const terminal = spawn('sh', [path.join(place.artifacts, 'latest/qemu.sh')], {
			cols: 100,
			rows: 30,
			env: {...atDesk, ...place.env},
		});
		using somebody = person(terminal);
		const {sees, ends} = somebody;
		await sees(/~ # .\[6n/);
		terminal.write('ls /lib/modules/1.2.3/kernel\r');
		await sees(/\n[^\n]*one\.ko/);
		terminal.write('\u001D');
		t.is(await ends(), 0);
		t.deepEqual(await leftBehind(place), []);
	},
);

test.serial('what goes on stands on one line of the terminal, however narrow; closing it ends the run', async (t) => {
	t.timeout(300_000);
	await using place = await openPlace();
	const args = ['test', 'ref:probe', '--only', 'pci', '--fresh', '--artifacts', place.artifacts];
	const terminal = spawn(process.execPath, [entry, ...args], {cols: 100, rows: 30, env: {...atDesk, ...place.env}});
	using somebody = person(terminal);
	const screen = new headless.Terminal({cols: 100, rows: 30, allowProposedApi: true});
	terminal.onData((text) => screen.write(text));
	await somebody.sees(/waiting for the kernel/);
	// The lines that stay are not wider than the terminal was at the beginning.
	for (const columns of [140, 100]) {
		const before = somebody.shown().length;
		terminal.resize(columns, 30);
		screen.resize(columns, 30);
		await somebody.sees(new RegExp(String.raw`^[^]{${before}}[^]*waiting for[^]*\r[^]*waiting for[^]*\r`));
	}

	const rowsNow = (): readonly string[] => {
		const {active} = screen.buffer;
		return Array.from({length: active.length}, (_value, index) => active.getLine(index)?.translateToString(true) ?? '');
	};
	const liveOf = (lines: readonly string[]): readonly string[] => lines.filter((row) => /^ {2}\d+ s {2}/.test(row));
	// The screen takes in what was written when it comes to it, and the line is away for a moment each time it is written anew.
	let rows = rowsNow();
	for (let look = 0; look < 50 && liveOf(rows).length === 0; look++) {
		await setTimeout(100);
		rows = rowsNow();
	}

	const live = liveOf(rows);
	t.is(live.length, 1, rows.join('\n'));
	t.regex(live[0] ?? '', /^ {2}\d+ s {2}waiting for (the kernel|userspace): \d/);
	// As closing a window does: what is written from now on meets EIO.
	(terminal as IPty & {destroy: () => void}).destroy();
	t.is(await somebody.ends(), 129);
	t.deepEqual(await leftBehind(place), []);
});

const question = /resumes the run, q quits it, any other key goes back to the guest: /;
const twice = new RegExp(`${question.source}[^]*${question.source}`);

for (const {how, steps, exitCode} of [
	{
		how: 'back to it once more, then on with the run',
		steps: [
			[question, 'b'],
			[/guest: \r+\n/, 'echo again $((40+3))\r'],
			[/again 43\r+\n/, '\u001D'],
			[twice, 'r'],
		],
		exitCode: 1,
	},
	{how: 'no more of the run', steps: [[question, 'q']], exitCode: 130},
] as const) {
	test.serial(`--on-fail shell hands the failed guest over: ${how}`, async (t) => {
		t.timeout(300_000);
		await using place = await openPlace();
		const only = ['--only', 'kernel.VIRTIO_NET', '--only', 'pci'];
		const terminal = spawn(
			process.execPath,
			[entry, 'test', 'ref:probe', '--strict', ...only, '--on-fail', 'shell', '--artifacts', place.artifacts],
			{cols: 100, rows: 30, env: {...atDesk, ...place.env}},
		);
		using somebody = person(terminal);
		const {sees, ends, shown} = somebody;
		await sees(/Root shell on ttyS[1-3]; Ctrl-\] leaves it\./);
		terminal.write('echo in $((40+2))\r');
		await sees(/in 42\r+\n/);
		terminal.write('\u001D');
		for (const [seen, typed] of steps) {
			await sees(seen);
			terminal.write(typed);
		}

		t.is(await ends(), exitCode);
		// What goes on is not told across what is typed.
		const session = /Root shell on[^]*goes back to the guest: /.exec(shown())?.[0] ?? 'no session';
		t.notRegex(session, / s {2}scenario /);
		t.deepEqual(await leftBehind(place), []);
	});
}
