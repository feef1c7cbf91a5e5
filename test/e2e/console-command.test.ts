import {type IPty, spawn} from 'node-pty';
import test from 'ava';
import {entry, leftBehind, openPlace} from './_program.ts';

/** A person at a terminal: everything shown so far, and a wait for some of it. */
const person = (terminal: IPty) => {
	let shown = '';
	let wake: () => void = () => undefined;
	terminal.onData((text) => {
		shown += text;
		wake();
	});
	const {promise: exit, resolve} = Promise.withResolvers<number>();
	terminal.onExit(({exitCode}) => {
		resolve(exitCode);
		wake();
	});
	return {
		exit,
		sees: async (words: RegExp): Promise<void> => {
			while (!words.test(shown)) {
				const {promise, resolve: seen} = Promise.withResolvers<undefined>();
				wake = () => seen(undefined);
				await promise;
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
			env: {...process.env, ...place.env},
		});
		const {sees, exit} = person(terminal);
		await sees(/ttyS0 of .* on this terminal; Ctrl-\] ends the machine\./);
		await sees(/Linux version/);
		await sees(/~ # /);
		terminal.write('echo four $((2+2))\r');
		await sees(/\nfour 4\r\n/);
		// Ctrl-C belongs to the guest.
		terminal.write('sleep 1000\r');
		terminal.write('\u0003');
		terminal.write('echo still $((40+2))\r');
		await sees(/\nstill 42\r\n/);
		terminal.write('\u001D');
		t.is(await exit, 0);
		t.deepEqual(await leftBehind(place), []);
	},
);

test.serial('--on-fail shell hands the failed guest over', async (t) => {
	t.timeout(300_000);
	await using place = await openPlace();
	const terminal = spawn(
		process.execPath,
		[
			entry,
			'test',
			'ref:probe',
			'--strict',
			'--only',
			'kernel.VIRTIO_NET',
			'--on-fail',
			'shell',
			'--artifacts',
			place.artifacts,
		],
		// In CI nobody sits at the terminal; here somebody does.
		{cols: 100, rows: 30, env: {...process.env, ...place.env, CI: undefined}},
	);
	const {sees, exit} = person(terminal);
	await sees(/Root shell on ttyS1; Ctrl-\] ends the machine\./);
	terminal.write('echo in $((40+2))\r');
	await sees(/in 42\r\n/);
	terminal.write('\u001D');
	t.is(await exit, 1);
	t.deepEqual(await leftBehind(place), []);
});
