import path from 'node:path';
import {userInfo} from 'node:os';
import test from 'ava';
import {execa} from 'execa';
import {metadataShell} from '../../harness/access/metadata-shell.ts';

test('one script for both agents, with an announcement nobody can guess', (t) => {
	const {attributes, announcement} = metadataShell();
	t.deepEqual(Object.keys(attributes), ['startup-script', 'user-data']);
	t.is(attributes['startup-script'], attributes['user-data']);
	// cloud-init takes user data that begins like this as a script (cloudinit/user_data.py), and so does the guest agent.
	t.true(attributes['user-data']?.startsWith('#!/bin/sh\n'));
	t.regex(announcement, /^bootwright-shell [\da-f]{16}$/v);
	t.not(metadataShell().announcement, announcement);
});

test('run by an agent: the agent goes on, a shell is on the port, and the second agent starts none', async (t) => {
	const {attributes, announcement} = metadataShell();
	const script = attributes['startup-script'] ?? '';
	const namespaces = userInfo().uid === 0 ? ['--mount'] : ['--user', '--map-root-user', '--mount'];
	const helper = path.join(import.meta.dirname, '_agent.py');
	const {stdout} = await execa('unshare', [...namespaces, '/usr/bin/python3', '-I', helper], {
		input: script,
		timeout: 20_000,
	});
	const [first, second, ...seen] = stdout.split('\n');
	t.deepEqual([first, second], ['status 0', 'status 0']);
	const text = seen.join('\n').replaceAll('\r', '');
	t.is(text.split(announcement).length, 2, text);
	t.regex(text, /^# answer 42 uid 0 tty \/dev\/ttyS1$/mv);
});
