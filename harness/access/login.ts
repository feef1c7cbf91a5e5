import {randomBytes} from 'node:crypto';
import {type ConsolePort} from '../console/port.ts';
import {type Deadline} from '../core/deadline.ts';
import {GuestError} from '../core/errors.ts';
import {becomeRoot} from './become-root.ts';
import {patienceMs, shellProof} from './prove-shell.ts';
import {expectOrQuiet, loginPrompt} from './wait.ts';

export type Login = {
	readonly port: ConsolePort;
	readonly user: string;
	readonly password: string;
	readonly deadline: Deadline;
	/** The prompt is there; otherwise it is waited for. */
	readonly promptSeen?: boolean;
};

/** After this silence the password is taken to have been accepted, and a shell is looked for. */
const acceptedMs = 1500;
/** What a login may ask or say in a row; more is a loop. */
const maxSteps = 16;

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
const kinds = Object.keys(said) as Array<keyof typeof said>;

/**
 * Logs in at the login prompt of a serial port and becomes root; afterwards a root shell reads the port.
 * The password is written to the port alone: the guest does not echo it, so no log has it. An expired password is changed,
 * in the overlay.
 * @throws GuestError `login-refused` as soon as the guest says so; `no-way-in` when the user cannot become root; DeadlineError
 */
export const loginWith = async ({port, user, password, deadline, promptSeen = false}: Login): Promise<void> => {
	if (!promptSeen) {
		await port.expect(loginPrompt, deadline, {what: 'login prompt'});
	}

	const from = port.received;
	await port.write(`${user}\n`);
	const {uid, password: now} = await answerQuestions({port, user, password, deadline}, from);
	if (uid !== 0) {
		await becomeRoot({port, user, password: now, deadline});
	}
};

/** @returns whose shell answered, and the password that holds now */
const answerQuestions = async (
	{port, user, password, deadline}: Login,
	begin: number,
): Promise<{readonly uid: number; readonly password: string}> => {
	const proof = shellProof();
	const patterns = [...Object.values(said), proof.answer];
	// Long and of all kinds: no rule of a password checker is in its way.
	const fresh = `Bw7-${randomBytes(9).toString('base64url')}+zQ`;
	let current = password;
	let asked = 0;
	let quietMs = Infinity;
	let from = begin;
	for (let step = 0; step < maxSteps; step++) {
		const seen = await expectOrQuiet(port, patterns, {deadline, quietMs, from});
		from = seen?.end ?? from;
		if (seen?.index === kinds.length) {
			return {uid: proof.uidOf(seen.match), password: current};
		}

		const kind = seen === undefined ? 'prompt' : (kinds[seen.index] ?? 'prompt');
		switch (kind) {
			case 'password':
			case 'current': {
				asked += 1;
				if (kind === 'password' && asked > 1 && current === password) {
					throw refusal(port, user, 'the guest asked for the password again');
				}

				await port.write(`${kind === 'current' ? password : current}\n`);
				quietMs = acceptedMs;
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
				if (asked > 0 && current === password) {
					throw refusal(port, user, 'the guest asked for a user again');
				}

				// Before any question a stray line feed may have brought the prompt, and the name be on its way: wait for that.
				const more = asked > 0 ? undefined : await expectOrQuiet(port, patterns, {deadline, quietMs: acceptedMs, from});
				if (more === undefined) {
					await port.write(`${user}\n`);
				}

				break;
			}

			case 'refused': {
				throw refusal(port, user, `"${seen?.text.trim() ?? ''}"`);
			}

			case 'prompt': {
				// Silence may also be a login that takes its time to refuse: go on listening.
				await port.write(proof.question);
				quietMs = patienceMs;
				break;
			}
		}
	}

	throw refusal(port, user, 'no shell answered after the login');
};

const refusal = (port: ConsolePort, user: string, why: string): GuestError =>
	new GuestError('login-refused', `The login of ${user} on ${port.name} was refused: ${why}. Log: ${port.logPath}`, {
		hint: 'Check --user and the password file; root may be barred from the port (/etc/securetty, pam_securetty)',
	});
