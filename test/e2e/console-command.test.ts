import {type IPty, spawn} from 'node-pty';
import test from 'ava';
import {entry, leftBehind, openPlace} from './_program.ts';

/** In CI nobody sits at a terminal; here somebody does. */
const atDesk = Object.fromEntries(Object.entries(process.env).filter(([name]) => name !== 'CI'));

/** A person at a terminal: everything shown so far, and a wait for some of it. */
const person = (terminal: IPty) => {
	let shown = '';
	let wake: () => void = () => undefined;
	terminal.onData((text) => {
		shown += text;
		wake();
	});
	const {promise: exit, resolve} = Promise.withResolvers<number>();
	let ended = false;
	terminal.onExit(({exitCode}) => {
		ended = true;
		resolve(exitCode);
		wake();
	});
	return {
		exit,
		shown: () => shown,
		/** @throws Error with the end of what was shown, where the program ends without these words, or says none of them for two minutes */
		sees: async (words: RegExp): Promise<void> => {
			const deadline = AbortSignal.timeout(120_000);
			while (!words.test(shown)) {
				if (ended || deadline.aborted) {
					const how = ended ? 'ended without' : 'no word of';
					throw new Error(`${how} ${String(words)}: ${JSON.stringify(shown.slice(-2000))}`);
				}

				const {promise, resolve: seen} = Promise.withResolvers<undefined>();
				wake = () => seen(undefined);
				deadline.addEventListener('abort', wake, {once: true});
				await promise;
			}
		},
		/** What a person does who has had enough. Without effect on a program that has ended. */
		[Symbol.dispose](): void {
			if (!ended) {
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
		const {sees, exit} = somebody;
		await sees(/ttyS0 of .* on this terminal; Ctrl-\] ends the machine\./);
		await sees(/Linux version/);
		// busybox asks the terminal where its cursor is when it has begun to read.
		await sees(/~ # .\[6n/);
		terminal.write('echo four $((2+2))\r');
		await sees(/\nfour 4\r+\n/);
		terminal.write('\u001D');
		t.is(await exit, 0);
		t.deepEqual(await leftBehind(place), []);
	},
);

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
		const {sees, exit, shown} = somebody;
		await sees(/Root shell on ttyS[1-3]; Ctrl-\] leaves it\./);
		terminal.write('echo in $((40+2))\r');
		await sees(/in 42\r+\n/);
		terminal.write('\u001D');
		for (const [seen, typed] of steps) {
			await sees(seen);
			terminal.write(typed);
		}

		t.is(await exit, exitCode);
		// What goes on is not told across what is typed.
		const session = /Root shell on[^]*goes back to the guest: /.exec(shown())?.[0] ?? 'no session';
		t.notRegex(session, / s {2}scenario /);
		t.deepEqual(await leftBehind(place), []);
	});
}
