import {monotonicMs} from '../../core/clock.ts';
import {type Deadline, seconds} from '../../core/deadline.ts';
import {HostError} from '../../core/errors.ts';
import {quoteShell} from '../../core/shell-quote.ts';
import {type MetadataData} from '../../lab/metadata/metadata-data.ts';
import {type Lab} from '../../lab/open-lab.ts';
import {type SshOutcome, openSshClient} from '../../lab/ssh-client.ts';
import {type Guest} from '../guest.ts';
import {renewWaits} from './renew-waits.ts';

/** What came of a key that the metadata server began to serve. */
export type Login =
	/** This host cannot try. */
	| {readonly kind: 'untried'; readonly why: string; readonly hint: string | undefined}
	| {
			readonly kind: 'tried';
			/** From serving the key until the guest had it, or was given up. */
			readonly keyMs: number;
			/** The login with its command. */
			readonly sshMs: number;
			/** Whether the guest has such a user now. */
			readonly hasUser: boolean;
			/** Whether the key is in that user's authorized_keys. */
			readonly hasKey: boolean;
			readonly outcome: SshOutcome;
	  };

/** The user whom the key is for. */
const user = 'bootwright';
/** The guest agent pauses for 5 s when its connection was reset, and takes some seconds more to make a user on an emulated processor. */
const patienceSeconds = 45;

/**
 * Serves a fresh key as the instance attribute `ssh-keys`, waits until the image's agent has made the user, logs in over the lab and runs
 * a command. Afterwards the metadata is what it was.
 * @throws the deadline's error
 */
export const tryLogin = async (
	guest: Guest,
	{lab, deadline, busybox}: {readonly lab: Lab; readonly deadline: Deadline; readonly busybox: string},
): Promise<Login> => {
	await using stack = new AsyncDisposableStack();
	let client;
	try {
		client = stack.use(await openSshClient(lab));
	} catch (error) {
		if (!(error instanceof HostError)) {
			throw error;
		}

		return {kind: 'untried', why: error.message, hint: error.hint};
	}

	await renewWaits(guest, {lab, deadline});
	const before = lab.metadata();
	stack.defer(() => lab.setMetadata(before));
	const startedAt = monotonicMs();
	lab.setMetadata(withKey(before, client.publicKey));
	const {text} = await guest.run(awaitKeyCommand(client.publicKey, busybox), {deadline});
	const keyMs = monotonicMs() - startedAt;
	const outcome = await client.run('id -un', {user, address: lab.network.address, deadline});
	return {
		kind: 'tried',
		keyMs,
		sshMs: monotonicMs() - startedAt - keyMs,
		hasUser: text.includes('user'),
		hasKey: text.includes('key'),
		outcome,
	};
};

/** `USER:KEY`, one a line, beside the keys that are there (Compute Engine: "Add SSH keys to VMs", metadata-based). */
const withKey = (data: MetadataData, publicKey: string): MetadataData => {
	const {attributes} = data.instance;
	const keys = [attributes['ssh-keys'], `${user}:${publicKey}`].filter((line) => line !== undefined).join('\n');
	return {...data, instance: {...data.instance, attributes: {...attributes, 'ssh-keys': keys}}};
};

/** Ends as soon as the key is there. The user is one of /etc/passwd: useradd, with which agents make it, knows no other place. */
const awaitKeyCommand = (publicKey: string, busybox: string): string => {
	const [, blob = ''] = publicKey.split(' ');
	return `n=0
while home=$(${busybox} awk -F: '$1 == "${user}" {print $6}' /etc/passwd)
[ -z "$home" ] || ! ${busybox} grep -qF ${quoteShell(blob)} "$home/.ssh/authorized_keys" 2>/dev/null; do
[ $n -lt ${patienceSeconds * 5} ] || break; n=$((n+1)); ${busybox} usleep 200000; done
[ -z "$home" ] || echo user
[ $n -ge ${patienceSeconds * 5} ] || echo key`;
};

/** What came of it in plain words. */
export const loginNote = (login: Login, address: string): string => {
	if (login.kind === 'untried') {
		const cure = login.hint === undefined ? '' : ` To mend it: ${login.hint}`;
		return `Logging in on port 22 was not tried: ${login.why}.${cure}`;
	}

	const {keyMs, sshMs, outcome} = login;
	return outcome.status === 0 && outcome.stdout.trimEnd().endsWith(user)
		? `Logging in on port 22: the user ${user} was there ${seconds(keyMs)} after the metadata server served the key, and ran a command over ssh within ${seconds(sshMs)}`
		: `Nobody could log in over the network: ${whyNot(login, address)}`;
};

const whyNot = ({hasUser, hasKey, keyMs, outcome}: Extract<Login, {kind: 'tried'}>, address: string): string => {
	const {status, stdout, said} = outcome;
	if (status !== 255) {
		const heard = stdout.trim().slice(-200) || said.slice(-200) || 'nothing';
		return `the key was taken, but the command "id -un" came to nothing (status ${status ?? 'unknown'}; it said: ${heard}): look at the user's shell, /etc/nologin and ForceCommand of sshd`;
	}

	if (said.includes('Permission denied')) {
		return hasKey
			? `sshd refused the key, although it is in the authorized_keys of ${user}: look at sshd -T (pubkeyauthentication, allowusers, authorizedkeysfile) and at who may write to the home folder`
			: hasUser
				? `the user ${user} was made, but ${seconds(keyMs)} after the metadata server served the key it was not in its .ssh/authorized_keys: look at the log of the image's agent`
				: `sshd refused the key, as no user ${user} was made within ${seconds(keyMs)} after the metadata server served it: google-guest-agent does that while it runs, cloud-init only at boot and for its own user`;
	}

	if (said.includes('Connection refused')) {
		return `${address} refused the connection to port 22: sshd stopped, listens on another address alone, or a firewall refuses for it`;
	}

	if (/timed out|Timeout/v.test(said)) {
		return `port 22 of ${address} did not answer: a firewall drops it, or the way back to the gateway is missing`;
	}

	return `the connection to port 22 of ${address} broke off: ${said.split('\n').at(-1) ?? ''}`;
};
