import {randomBytes} from 'node:crypto';
import {type ConsolePort} from '../console/port.ts';
import {type Deadline} from '../core/deadline.ts';
import {GuestError} from '../core/errors.ts';
import {patienceMs, shellProof} from './prove-shell.ts';
import {expectOrQuiet, shellPrompt} from './wait.ts';

/** What sudo, or a shell without it, says to a user who may not. Warnings ("unable to resolve host") are none of these. */
const refused =
	/^[^\r\n]*(?:sudo: (?:command )?not found|not in the sudoers file|may not run sudo|not allowed to (?:execute|run)|incorrect password attempt|sorry, try again|a password is required|a terminal is required|account validation failure|effective uid is not 0)[^\r\n]*/im;

/** What sudo may ask or say in a row. */
const maxSteps = 8;

/**
 * Turns the shell of an ordinary user into one of root, by sudo with the user's own password.
 * @throws GuestError `no-way-in` with what the guest said when it does not let the user
 */
export const becomeRoot = async ({
	port,
	user,
	password,
	deadline,
}: {
	readonly port: ConsolePort;
	readonly user: string;
	readonly password: string;
	readonly deadline: Deadline;
}): Promise<void> => {
	const nonce = randomBytes(5).toString('hex');
	const proof = shellProof();
	const patterns = [`@bws:${nonce}`, refused, proof.answer, shellPrompt];
	let from = port.received;
	let asked = false;
	// The prompt is ours and the echo cannot match it; sudo itself reads from the terminal, with echo off.
	await port.write(` sudo -p "@b""ws:${nonce}" /bin/sh\n`);
	for (let step = 0; step < maxSteps; step++) {
		const seen = await expectOrQuiet(port, patterns, {deadline, quietMs: patienceMs, from});
		from = seen?.end ?? from;
		switch (seen?.index) {
			case 0: {
				if (asked) {
					throw notRoot(port, user, 'sudo asked for the password again');
				}

				asked = true;
				await port.write(`${password}\n`);
				break;
			}

			case 1: {
				throw notRoot(port, user, seen.text);
			}

			case 2: {
				if (proof.uidOf(seen.match) === 0) {
					return;
				}

				throw notRoot(port, user, 'sudo gave no shell of root');
			}

			default: {
				await port.write(proof.question);
			}
		}
	}

	throw notRoot(port, user, 'no shell answered after sudo');
};

const notRoot = (port: ConsolePort, user: string, said: string): GuestError =>
	new GuestError('no-way-in', `${user} may log in on ${port.name} but not become root: ${said.trim()}`, {
		hint: 'Give a user that is root or may use sudo for everything, or let a shell be added: --access inject',
	});
