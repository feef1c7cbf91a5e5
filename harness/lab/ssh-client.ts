import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {execa} from 'execa';
import {type Deadline} from '../core/deadline.ts';
import {HostError} from '../core/errors.ts';
import {type Lab} from './open-lab.ts';

/** How one call of `ssh` ended. */
export type SshOutcome = {
	/** Of the command in the guest; 255 where there was no login (ssh(1), "EXIT STATUS"); undefined where it was stopped. */
	readonly status: number | undefined;
	readonly stdout: string;
	/** What `ssh` itself said. */
	readonly said: string;
};

/** This host's SSH client, inside the lab, with a key pair that nobody else has. Disposing of it removes the pair. */
export type SshClient = AsyncDisposable & {
	/** One line, as it stands in authorized_keys. */
	readonly publicKey: string;
	/** Logs in on port 22 and runs a command. @throws the deadline's error */
	readonly run: (
		command: string,
		login: {readonly user: string; readonly address: string; readonly deadline: Deadline},
	) => Promise<SshOutcome>;
};

/** A guest that takes no connection for so long has a firewall, or no way back. */
const connectSeconds = 10;

/**
 * Makes the key pair, and a configuration that knows no file of the user's: nobody's agent, keys or known hosts.
 * @throws HostError where this host has no OpenSSH client
 */
export const openSshClient = async ({enter, folder}: Pick<Lab, 'enter' | 'folder'>): Promise<SshClient> => {
	const directory = await mkdtemp(path.join(folder ?? tmpdir(), 'bootwright-ssh-'));
	await using stack = new AsyncDisposableStack();
	stack.defer(async () => rm(directory, {recursive: true, force: true}));
	const key = path.join(directory, 'key');
	const config = path.join(directory, 'config');
	await makeKey(key);
	await writeFile(config, configuration(directory));
	const publicKey = (await readFile(`${key}.pub`, 'utf8')).trim();
	const owned = stack.move();
	return {
		publicKey,
		async run(command, {user, address, deadline}) {
			// The kernel ends it with the harness, also after SIGKILL.
			const [file, ...args] = [...enter, 'setpriv', '--pdeathsig', 'KILL', '--', 'ssh'] as const;
			const {exitCode, stdout, stderr} = await execa(file, [...args, '-F', config, `${user}@${address}`, command], {
				stdin: 'ignore',
				reject: false,
				maxBuffer: 64 * 1024,
				cancelSignal: deadline.signal,
			});
			deadline.signal.throwIfAborted();
			return {status: exitCode, stdout, said: stderr.trim()};
		},
		[Symbol.asyncDispose]: async () => owned.disposeAsync(),
	};
};

const makeKey = async (file: string): Promise<void> => {
	const made = await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'bootwright', '-f', file], {
		reject: false,
		stdin: 'ignore',
	});
	if (made.failed) {
		const isMissing = made.code === 'ENOENT';
		throw new HostError(
			isMissing ? 'ssh-keygen is missing on this host' : `ssh-keygen cannot make a key: ${made.stderr}`,
			{hint: isMissing ? 'sudo apt-get install openssh-client' : undefined},
		);
	}
};

/** Of ssh_config(5). With `-F` neither the user's configuration nor the host's is read. */
const configuration = (directory: string): string => `BatchMode yes
IdentityFile ${directory}/key
IdentitiesOnly yes
IdentityAgent none
UserKnownHostsFile ${directory}/known_hosts
GlobalKnownHostsFile /dev/null
StrictHostKeyChecking accept-new
PreferredAuthentications publickey
ConnectTimeout ${connectSeconds}
ServerAliveInterval ${connectSeconds}
LogLevel ERROR
`;
