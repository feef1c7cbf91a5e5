import {randomBytes} from 'node:crypto';
import {type ConsolePort} from '../console/port.ts';
import {type Deadline} from '../core/deadline.ts';
import {GuestError} from '../core/errors.ts';
import {proveShell} from './prove-shell.ts';
import {expectOrQuiet} from './wait.ts';

const quietMs = 2000;

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
	const from = port.received;
	// The prompt is ours and the echo cannot match it; sudo itself reads from the terminal, with echo off.
	await port.write(` sudo -p "@b""ws:${nonce}" /bin/sh\n`);
	const patterns = [
		`@bws:${nonce}`,
		/^(?:sudo: [^\r\n]*|[^\r\n]*(?:sudo: [^\r\n]*not found|not in the sudoers file|may not run sudo|not allowed to execute)[^\r\n]*)/im,
	];
	const seen = await expectOrQuiet(port, patterns, {deadline, quietMs, from});
	if (seen?.index === 1) {
		throw notRoot(port, user, seen.text);
	}

	if (seen?.index === 0) {
		await port.write(`${password}\n`);
		const refused = [`@bws:${nonce}`, /^(?:sorry, try again|sudo: )[^\r\n]*|[^\r\n]*not in the sudoers[^\r\n]*/im];
		const after = await expectOrQuiet(port, [...refused, /[#$] $/], {deadline, quietMs, from: seen.end});
		if (after !== undefined && after.index < 2) {
			throw notRoot(port, user, after.index === 0 ? 'sudo asked for the password again' : after.text);
		}
	}

	if ((await proveShell(port, {deadline, attempts: 3})) !== 0) {
		throw notRoot(port, user, 'sudo gave no shell of root');
	}
};

const notRoot = (port: ConsolePort, user: string, said: string): GuestError =>
	new GuestError('no-way-in', `${user} may log in on ${port.name} but not become root: ${said.trim()}`, {
		hint: 'Give a user that is root or may use sudo for everything, or let a shell be added: --access inject',
	});
