import {spawn as spawnPty} from 'node-pty';
import {startTimer} from '../../harness/core/clock.ts';
import {quitLine} from '../../harness/console/shell-helper.ts';
import {type FakePort, openFakePort} from './_fake-port.ts';

export type ShellGuest = FakePort & {
	/** What a kernel would print in between. */
	readonly print: (text: string) => void;
	/** Input bytes that get lost on the way are chosen by this. */
	readonly pid: number;
};

/** A real shell on a real terminal, with echo and prompt, behind a port's socket: what a guest's ttyS1 looks like. */
export const openShellGuest = async (options: {
	readonly command: readonly [string, ...string[]];
	readonly env?: Readonly<Record<string, string>>;
	/** Called with what the guest writes; returns what arrives. */
	readonly disturb?: (text: Buffer) => Buffer;
}): Promise<ShellGuest> => {
	const fake = await openFakePort({name: 'ttyS1'});
	const [file, ...args] = options.command;
	const pty = spawnPty(file, args, {
		name: 'vt220',
		cols: 80,
		rows: 24,
		cwd: '/',
		encoding: null,
		env: {PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: fake.directory, ...options.env},
	});
	pty.onData((data) => {
		const bytes = data as unknown as Buffer;
		fake.guest.write(options.disturb?.(bytes) ?? bytes);
	});
	const {promise: exited, resolve} = Promise.withResolvers<undefined>();
	let running = true;
	let forwarding = true;
	pty.onExit(() => {
		running = false;
		resolve(undefined);
	});
	fake.guest.on('data', (data) => {
		if (running && forwarding) {
			pty.write(data);
		}
	});
	return {
		...fake,
		pid: pty.pid,
		print: (text) => void fake.guest.write(text),
		async [Symbol.asyncDispose]() {
			// Whatever is written after this could be on its way when the terminal closes.
			forwarding = false;
			// The helper removes its directory when it is asked to end; who does not listen is killed.
			if (running) {
				pty.write(`\n${quitLine}\nexit\n`);
			}

			using _ = startTimer(500, () => {
				if (running) {
					pty.kill('SIGKILL');
				}
			});
			await exited;
			await fake[Symbol.asyncDispose]();
		},
	};
};
