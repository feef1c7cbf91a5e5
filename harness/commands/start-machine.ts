import {once} from 'node:events';
import {type Socket, connect} from 'node:net';
import path from 'node:path';
import {ReadStream} from 'node:tty';
import {abortable} from '../core/abortable.ts';
import {loadProfile} from '../profile/load.ts';
import {findQemu} from '../qemu/find-qemu.ts';
import {applyOverrides} from '../qemu/overrides.ts';
import {describeExit, startQemu} from '../qemu/start-qemu.ts';
import type {CommandContext} from './command.ts';

type Options = {readonly profile: string; readonly qemu: string; readonly directory: string};

/** Ctrl-], as telnet has it. */
const escape = 0x1d;

/**
 * The other half of `qemu.sh`, not meant for people: starts QEMU with exactly the arguments given, applies the profile's
 * overrides before the first instruction, and puts ttyS0 on the terminal until the machine ends or the escape key comes.
 */
export const run = async (context: CommandContext, options: Options, args: readonly string[]): Promise<number> => {
	const {signal, stderr} = context;
	const profile = await loadProfile(options.profile);
	const binary = await findQemu({...context.env, BOOTWRIGHT_QEMU: options.qemu});
	const qmpLog = path.join(options.directory, 'qmp.log');
	await using qemu = await startQemu({binary, arguments: args, runDirectory: options.directory, qmpLog, signal});
	const overrides = await applyOverrides(qemu, profile);
	for (const {id, what, status, reason} of overrides) {
		if (status === 'refused' || status === 'not-found') {
			stderr.write(`Not as the profile says: ${id} (${what}): ${reason}\n`);
		}
	}

	const socket = connect({path: path.join(options.directory, 'ttyS0.sock')});
	await once(socket, 'connect', {signal});
	stderr.write('Serial console on this terminal; Ctrl-] ends the machine.\n');
	using terminal = joinTerminal(context, socket);
	await qemu.qmp.execute('cont');
	const exit = await abortable(Promise.race([qemu.exited, terminal.left]), signal);
	if (exit === undefined || exit.code === 0) {
		return 0;
	}

	stderr.write(`\nQEMU ended: ${describeExit(exit)}\n`);
	return 4;
};

/** Bytes both ways, as they come; a terminal is taken out of its line mode for as long. */
const joinTerminal = (
	{stdin, stdout}: CommandContext,
	socket: Socket,
): Disposable & {readonly left: Promise<undefined>} => {
	const {promise: left, resolve} = Promise.withResolvers<undefined>();
	setRaw(stdin, true);
	const typed = (bytes: Buffer): void => {
		if (bytes.includes(escape)) {
			resolve(undefined);
		} else {
			socket.write(bytes);
		}
	};

	stdin.on('data', typed);
	socket.on('data', (bytes) => stdout.write(bytes));
	// QEMU's end is seen by QEMU's exit.
	socket.on('error', () => undefined);
	return {
		left,
		[Symbol.dispose]() {
			setRaw(stdin, false);
			stdin.off('data', typed).pause();
			socket.destroy();
		},
	};
};

/** What is no terminal (a pipe, a file) has no line mode. */
const setRaw = (stdin: CommandContext['stdin'], raw: boolean): void => {
	if (stdin instanceof ReadStream) {
		stdin.setRawMode(raw);
	}
};
