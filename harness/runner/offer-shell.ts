import {type Terminal, askKey, attachTerminal, escapeKey} from '../console/attach-terminal.ts';
import {type ConsolePort} from '../console/port.ts';
import {abortable} from '../core/abortable.ts';
import {wallClockMs} from '../core/clock.ts';
import {type GuestError, InterruptedError} from '../core/errors.ts';
import {type RunningMachine} from '../machine/start.ts';
import {type OpenGuest} from './open-guest.ts';
import {type RunContext} from './run-image.ts';

type Failed = {
	readonly running: RunningMachine;
	readonly opened: Pick<OpenGuest, 'shell' | 'port'> | undefined;
	readonly dead: GuestError | undefined;
};

/**
 * `--on-fail shell`: hands a failed guest over to the person at the terminal, until the escape key or the machine's end. That
 * time does not count against the run's deadline.
 * @throws InterruptedError where the person wants no more of the run
 */
export const offerShell = async (
	{
		plan,
		terminal,
		deadline,
		emit,
		exitCodeSoFar,
	}: Pick<RunContext, 'plan' | 'terminal' | 'deadline' | 'emit' | 'exitCodeSoFar'>,
	{running, opened, dead}: Failed,
): Promise<void> => {
	const port = opened?.port ?? running.ports[0];
	if (plan.onFail !== 'shell' || terminal === undefined || port === undefined || exitCodeSoFar() === 0) {
		return;
	}

	// How long a person looks at it is theirs.
	using _pause = deadline.pause();
	const {signal} = deadline;
	const where = dead === undefined && opened !== undefined ? `Root shell on ${port.name}` : `Console on ${port.name}`;
	emit({type: 'handed-over', at: wallClockMs(), port: port.name});
	terminal.stdout.write(`\r\n${where}; ${escapeKey} leaves it.\r\n`);
	// From here on a person types: the helper of the shell protocol would only be in the way.
	await opened?.shell[Symbol.asyncDispose]();
	while (await isLeft(terminal, port, signal)) {
		const key = await askKey(terminal, `\r\n${question}`, signal);
		if (key === 'r') {
			break;
		}

		// In raw mode Ctrl-C is a key like any other.
		if (key === 'q' || key === '\u0003') {
			throw new InterruptedError('SIGINT');
		}
	}

	emit({type: 'taken-back', at: wallClockMs()});
};

/** Why `--on-fail shell` offers none to anybody. */
export const whyNoShell = (env: Readonly<Record<string, string | undefined>>): string =>
	`No shell is offered in a guest that fails (--on-fail shell): ${env['CI'] === undefined ? 'standard input is no terminal' : 'CI is set'}`;

const question = 'r resumes the run, q quits it, any other key goes back to the guest: ';

/** Whether the person left, and not the guest. */
const isLeft = async (terminal: Terminal, port: ConsolePort, signal: AbortSignal): Promise<boolean> => {
	using attached = attachTerminal(terminal, port);
	await port.write('\n').catch(() => undefined);
	return await abortable(Promise.race([attached.left.then(() => true), port.closed.then(() => false)]), signal);
};
