import {randomBytes} from 'node:crypto';
import {type Deadline, seconds} from '../core/deadline.ts';
import {DeadlineError, GuestError} from '../core/errors.ts';
import {type ConsolePort} from './port.ts';
import {type Nonces, type ShellAbilities, helperLines, loaderLine, probeLine, quitLine} from './shell-helper.ts';
import {type Answer, ShellWire} from './shell-wire.ts';

/** A shell that is there answers a line within this time even on a busy emulated machine; otherwise it is typed again. */
const attemptMs = 1500;

type OpenHelper = {readonly nonces: Nonces; readonly abilities: ShellAbilities; readonly wire: ShellWire};

/**
 * Brings the helper into the shell on a port: types at the prompt until something answers, then hands over.
 * @throws DeadlineError naming the phase, the last line and the log; GuestError when the shell lacks tools
 */
export const openHelper = async (port: ConsolePort, deadline: Deadline): Promise<OpenHelper> => {
	try {
		for (let attempt = 1; ; attempt++) {
			// Nonces anew: what is left of an earlier attempt can neither answer nor be answered.
			const nonces = {input: nonce(), output: `@bw-${nonce()}`};
			const wire = await handOver(port, deadline, {nonces, attempt});
			if (wire !== undefined) {
				return {nonces, ...wire};
			}
		}
	} catch (error) {
		if (!(error instanceof DeadlineError)) {
			throw error;
		}

		throw new DeadlineError(
			error.phase,
			`No shell answered on ${port.name} after ${seconds(deadline.elapsedMs)} in phase "${error.phase}". Last line: ${JSON.stringify(port.lastLine)}. Log: ${port.logPath}`,
			{cause: error},
		);
	}
};

const nonce = (): string => randomBytes(5).toString('hex');

type Attempt = {readonly nonces: Nonces; readonly attempt: number};

const handOver = async (
	port: ConsolePort,
	deadline: Deadline,
	{nonces, attempt}: Attempt,
): Promise<Omit<OpenHelper, 'nonces'> | undefined> => {
	const end = `: bootwright-end ${nonces.input}`;
	// Whatever the terminal is in the middle of: half a line, another helper, a loader, a stopped output (XON), a command (interrupt).
	const wake = attempt === 1 ? '\n' : `${attempt % 2 === 0 ? '' : '\u0011'}\u0003\n${quitLine}\n`;
	using probe = new ShellWire(port, `@bw:${nonces.input}`);
	await port.write(`${wake}${probeLine(nonces.input, attempt)}\n`);
	if (!(await answered(probe, deadline, attempt))) {
		return undefined;
	}

	await port.write(`${loaderLine(nonces.input, end)}\n`);
	if (!(await answered(probe, deadline, 0))) {
		return undefined;
	}

	const wire = new ShellWire(port, nonces.output);
	await port.write([...helperLines(nonces), end, ''].join('\n'));
	const ready = await wire.next(attemptMs * 4, deadline.signal);
	if (ready?.type !== 'r') {
		wire[Symbol.dispose]();
		return undefined;
	}

	return {wire, abilities: abilitiesOf(port, ready)};
};

const answered = async (probe: ShellWire, deadline: Deadline, attempt: number): Promise<boolean> => {
	for (;;) {
		const answer = await probe.next(attemptMs, deadline.signal);
		if (answer === undefined || answer.seq === attempt) {
			return answer !== undefined;
		}
	}
};

const abilitiesOf = (port: ConsolePort, {rest}: Answer): ShellAbilities => {
	const [encoding = '', base64 = '', directory = ''] = rest.split(':');
	if (directory === '') {
		throw new GuestError('no-way-in', `The shell on ${port.name} finds no directory it can write to`);
	}

	if (encoding !== 'base64' && encoding !== 'hex') {
		throw new GuestError('no-way-in', `The shell on ${port.name} finds neither base64 nor od nor hexdump`);
	}

	return {encoding, takesBase64: base64 === '1'};
};
