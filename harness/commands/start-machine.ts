import path from 'node:path';
import {attachTerminal, escapeKey} from '../console/attach-terminal.ts';
import {ConsolePort} from '../console/port.ts';
import {abortable} from '../core/abortable.ts';
import {loadProfile} from '../profile/load.ts';
import {findQemu} from '../qemu/find-qemu.ts';
import {applyOverrides} from '../qemu/overrides.ts';
import {describeExit} from '../qemu/qemu-exit.ts';
import {startQemu} from '../qemu/start-qemu.ts';
import type {CommandContext} from './command.ts';

type Options = {readonly profile: string; readonly qemu: string; readonly directory: string};

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

	await using port = await ConsolePort.connect({
		name: 'ttyS0',
		socketPath: path.join(options.directory, 'ttyS0.sock'),
		logPath: path.join(options.directory, 'console-ttyS0.log'),
		timingPath: path.join(options.directory, 'console-ttyS0.timing'),
		signal,
	});
	stderr.write(`Serial console on this terminal; ${escapeKey} ends the machine.\n`);
	using terminal = attachTerminal(context, port);
	await qemu.qmp.execute('cont');
	const exit = await abortable(Promise.race([qemu.exited, terminal.left]), signal);
	if (exit === undefined || exit.code === 0) {
		return 0;
	}

	stderr.write(`\nQEMU ended: ${describeExit(exit)}\n`);
	return 4;
};
