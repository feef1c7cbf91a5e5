import test from 'ava';
import {Deadline} from '../../../harness/core/deadline.ts';
import {type MetadataData} from '../../../harness/lab/metadata/metadata-data.ts';
import {type Lab} from '../../../harness/lab/open-lab.ts';
import {type SshOutcome} from '../../../harness/lab/ssh-client.ts';
import {type Guest} from '../../../harness/machine/guest.ts';
import {type Login, loginNote, tryLogin} from '../../../harness/machine/observe/ssh-login.ts';
import {metadata, network} from '../../lab/_lab.ts';

const note = (outcome: Partial<SshOutcome>, guest: Partial<Extract<Login, {kind: 'tried'}>> = {}): string =>
	loginNote(
		{
			kind: 'tried',
			keyMs: 8500,
			sshMs: 1200,
			hasUser: true,
			hasKey: true,
			outcome: {status: 255, stdout: '', said: '', ...outcome},
			...guest,
		},
		'10.128.0.2',
	);
const nobody = 'Nobody could log in over the network:';
const refused = {said: 'bootwright@10.128.0.2: Permission denied (publickey).'};

test('a login that worked, and how long it took', (t) => {
	t.is(
		note({status: 0, stdout: 'Welcome!\nbootwright\n'}),
		'Logging in on port 22: the user bootwright was there 8.5 s after the metadata server served the key, and ran a command over ssh within 1.2 s',
	);
});

test('each reason why it did not, with what to look at', (t) => {
	t.is(
		note(refused, {hasUser: false, hasKey: false}),
		`${nobody} sshd refused the key, as no user bootwright was made within 8.5 s after the metadata server served it: google-guest-agent does that while it runs, cloud-init only at boot and for its own user`,
	);
	t.is(
		note(refused, {hasKey: false}),
		`${nobody} the user bootwright was made, but 8.5 s after the metadata server served the key it was not in its .ssh/authorized_keys: look at the log of the image's agent`,
	);
	t.is(
		note(refused),
		`${nobody} sshd refused the key, although it is in the authorized_keys of bootwright: look at sshd -T (pubkeyauthentication, allowusers, authorizedkeysfile) and at who may write to the home folder`,
	);
	t.is(
		note({said: 'ssh: connect to host 10.128.0.2 port 22: Connection refused'}),
		`${nobody} 10.128.0.2 refused the connection to port 22: sshd stopped, listens on another address alone, or a firewall refuses for it`,
	);
	for (const said of [
		'ssh: connect to host 10.128.0.2 port 22: Connection timed out',
		'Connection timed out during banner exchange',
		'Timeout, server 10.128.0.2 not responding.',
	]) {
		t.is(
			note({said}),
			`${nobody} port 22 of 10.128.0.2 did not answer: a firewall drops it, or the way back to the gateway is missing`,
		);
	}

	t.is(
		note({said: 'kex_exchange_identification: read: Connection reset by peer\nConnection reset by 10.128.0.2 port 22'}),
		`${nobody} the connection to port 22 of 10.128.0.2 broke off: Connection reset by 10.128.0.2 port 22`,
	);
	t.is(
		note({status: 1, stdout: 'This account is currently not available.\n'}),
		`${nobody} the key was taken, but the command "id -un" came to nothing (status 1; it said: This account is currently not available.): look at the user's shell, /etc/nologin and ForceCommand of sshd`,
	);
});

test('a host that cannot try says what it lacks', (t) => {
	t.is(
		loginNote({kind: 'untried', why: 'ssh-keygen is missing on this host', hint: 'sudo apt-get install x'}, ''),
		'Logging in on port 22 was not tried: ssh-keygen is missing on this host. To mend it: sudo apt-get install x',
	);
});

test('the key is served beside what there is, and is gone afterwards', async (t) => {
	const served: MetadataData[] = [];
	const before = metadata({'startup-script': '#!/bin/sh\n', 'ssh-keys': 'somebody:ssh-ed25519 AAAA'});
	const lab = {
		network,
		folder: undefined,
		enter: ['sh', '-c', 'echo "ssh: Connection refused" >&2; exit 255', '--'],
		metadata: () => before,
		setMetadata: (data) => void served.push(data),
	} satisfies Partial<Lab> as unknown as Lab;
	let asked = '';
	const guest = {
		async run(command: string) {
			asked = command;
			return {text: command.startsWith('cat ') ? '' : 'user'};
		},
	} as unknown as Guest;
	using deadline = new Deadline({phase: 'test', budgetMs: 20_000});
	const login = await tryLogin(guest, {lab, deadline, busybox: 'busybox'});
	const [during, after] = served.map(({instance}) => instance.attributes);
	t.is(during?.['startup-script'], '#!/bin/sh\n');
	const lines = during?.['ssh-keys']?.split('\n') ?? [];
	t.is(lines[0], 'somebody:ssh-ed25519 AAAA');
	const [, key = 'no key'] = /^bootwright:ssh-ed25519 (\S+) bootwright$/v.exec(lines[1] ?? '') ?? [];
	t.is(lines.length, 2);
	t.true(asked.includes(key));
	t.deepEqual(after, before.instance.attributes);
	t.is(served.length, 2);
	t.true(login.kind === 'tried' && login.hasUser && !login.hasKey);
	t.true(loginNote(login, '10.128.0.2').includes('10.128.0.2 refused the connection to port 22'));
});
