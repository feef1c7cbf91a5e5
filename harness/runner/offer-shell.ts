import {attachTerminal, escapeKey} from '../console/attach-terminal.ts';
import {abortable} from '../core/abortable.ts';
import {type GuestError} from '../core/errors.ts';
import {type RunningMachine} from '../machine/start.ts';
import {type OpenGuest} from './open-guest.ts';
import {type RunContext} from './run-image.ts';

type Failed = {
	readonly running: RunningMachine;
	readonly opened: Pick<OpenGuest, 'shell' | 'port'> | undefined;
	readonly dead: GuestError | undefined;
};

/** `--on-fail shell`: hands a failed guest over to the person at the terminal, until the escape key or the machine's end. */
export const offerShell = async (
	{plan, terminal, deadline, exitCodeSoFar}: RunContext,
	{running, opened, dead}: Failed,
): Promise<void> => {
	const port = opened?.port ?? running.ports[0];
	if (plan.onFail !== 'shell' || terminal === undefined || port === undefined || exitCodeSoFar() === 0) {
		return;
	}

	const where = dead === undefined && opened !== undefined ? `Root shell on ${port.name}` : `Console on ${port.name}`;
	terminal.stdout.write(`\r\n${where}; ${escapeKey} ends the machine.\r\n`);
	// From here on a person types: the helper of the shell protocol would only be in the way.
	await opened?.shell[Symbol.asyncDispose]();
	using attached = attachTerminal(terminal, port);
	await port.write('\n').catch(() => undefined);
	await abortable(Promise.race([attached.left, port.closed]), deadline.signal);
};
