import {randomBytes} from 'node:crypto';
import {type ConsolePort} from '../console/port.ts';
import {type Deadline} from '../core/deadline.ts';
import {GuestError} from '../core/errors.ts';
import {becomeRoot} from './become-root.ts';
import {proveShell} from './prove-shell.ts';
import {expectOrQuiet, loginPrompt} from './wait.ts';

export type Login = {
	readonly port: ConsolePort;
	readonly user: string;
	readonly password: string;
	readonly deadline: Deadline;
};

/** After this silence what was typed is taken to have been accepted, and a shell is looked for. */
const quietMs = 1500;
/** Questions that a login may ask in a row; more is a loop. */
const maxSteps = 12;

/** What the guest may say after the user's name was typed. Of two that begin at the same place the first in this list holds. */
const said = {
	// util-linux login, shadow login, busybox login, PAM modules; at the start of a line, as a user's profile may say such things too.
	refused:
		/^(?:login incorrect|login timed out|authentication (?:failure|error)|permission denied|access denied|incorrect password|maximum number of tries exceeded|your account has expired|account (?:locked|expired)|this account is currently not available|root login (?:refused|not allowed)|cannot make\/remove an entry)[^\r\n]*/im,
	retype: /^[^\r\n]*(?:re-?type|re-?enter|repeat)[^\r\n]*password: ?/im,
	renew: /^[^\r\n]*\bnew\b[^\r\n]*password: ?/im,
	current: /^[^\r\n]*\bcurrent\b[^\r\n]*password: ?/im,
	password: /^[^\r\n]*(?:password|passwort|mot de passe|contraseña)[^\r\n:]*: ?/im,
	again: loginPrompt,
	prompt: /(?:^|\n)[^\n]{0,200}[#$%>] $/,
} as const;
const answers = Object.keys(said) as Array<keyof typeof said>;
const patterns = Object.values(said);

/**
 * Logs in at the login prompt of a serial port and becomes root; afterwards a root shell reads the port.
 * The password is written to the port alone: the guest does not echo it, so no log has it. An expired password is changed,
 * in the overlay.
 * @throws GuestError `login-refused` as soon as the guest says so; `no-way-in` when the user cannot become root; DeadlineError
 */
export const loginWith = async ({port, user, password, deadline}: Login): Promise<void> => {
	await port.expect(loginPrompt, deadline, {what: 'login prompt'});
	const from = port.received;
	await port.write(`${user}\n`);
	const used = await answerQuestions({port, user, password, deadline}, from);
	const uid = await proveShell(port, {deadline, attempts: 5});
	if (uid === undefined) {
		throw refusal(port, user, 'no shell answered after the login');
	}

	if (uid !== 0) {
		await becomeRoot({port, user, password: used, deadline});
	}
};

/** @returns the password that holds now */
const answerQuestions = async ({port, user, password, deadline}: Login, begin: number): Promise<string> => {
	let asked = 0;
	let current = password;
	// Long and of all kinds: no rule of a password checker is in its way.
	const fresh = `Bw7-${randomBytes(9).toString('base64url')}+zQ`;
	let from = begin;
	for (let step = 0; step < maxSteps; step++) {
		const seen = await expectOrQuiet(port, patterns, {deadline, quietMs: asked === 0 ? Infinity : quietMs, from});
		const what = seen === undefined ? 'prompt' : answers[seen.index];
		from = seen?.end ?? from;
		switch (what) {
			case 'password': {
				asked += 1;
				if (asked > 1 && current === password) {
					throw refusal(port, user, 'the guest asked for the password again');
				}

				await port.write(`${current}\n`);
				break;
			}

			case 'current': {
				asked += 1;
				await port.write(`${password}\n`);
				break;
			}

			case 'renew':
			case 'retype': {
				current = fresh;
				await port.write(`${fresh}\n`);
				break;
			}

			case 'again': {
				// After a changed password some logins begin anew.
				if (current === password) {
					throw refusal(port, user, 'the guest asked for a user again');
				}

				await port.write(`${user}\n`);
				break;
			}

			case 'refused': {
				throw refusal(port, user, `"${seen?.text.trim() ?? ''}"`);
			}

			case 'prompt':
			case undefined: {
				return current;
			}
		}
	}

	throw refusal(port, user, 'the guest asked more questions than a login does');
};

const refusal = (port: ConsolePort, user: string, why: string): GuestError =>
	new GuestError('login-refused', `The login of ${user} on ${port.name} was refused: ${why}. Log: ${port.logPath}`, {
		hint: 'Check --user and the password file; root may be barred from the port (/etc/securetty, pam_securetty)',
	});
