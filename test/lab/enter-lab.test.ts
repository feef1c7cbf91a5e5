import {readlink} from 'node:fs/promises';
import os from 'node:os';
import test from 'ava';
import {execa} from 'execa';
import {enterLab, newNetwork} from '../../harness/lab/enter-lab.ts';

test('words', (t) => {
	t.deepEqual(newNetwork({asRoot: true}), ['unshare', '--net', '--']);
	t.deepEqual(newNetwork({asRoot: false}), ['unshare', '--user', '--map-root-user', '--net', '--']);
	t.deepEqual(enterLab(7, {asRoot: true}), ['nsenter', '--target=7', '--net', '--']);
	t.deepEqual(enterLab(7, {asRoot: false}), [
		'nsenter',
		'--target=7',
		'--net',
		'--user',
		'--preserve-credentials',
		'--',
	]);
});

// In a user namespace even where this is root: that way has to work for everybody.
const kinds = os.userInfo().uid === 0 ? [true, false] : [false];
for (const asRoot of kinds) {
	test(`what is entered is the network that was made, ${asRoot ? 'as root' : 'in a user namespace'}`, async (t) => {
		const [file, ...args] = [...newNetwork({asRoot}), 'sh', '-c', 'ip link set lo up; echo up; exec cat'] as const;
		const holder = execa(file, args, {reject: false});
		await new Promise((resolve) => {
			holder.stdout.once('data', resolve);
		});
		const [enter, ...rest] = [...enterLab(holder.pid ?? 0, {asRoot}), 'sh', '-c'] as const;
		const {stdout} = await execa(enter, [...rest, 'readlink /proc/self/ns/net; id -u; ip -brief link']);
		const [namespace, uid, ...links] = stdout.split('\n');
		t.is(namespace, await readlink(`/proc/${holder.pid ?? 0}/ns/net`));
		t.not(namespace, await readlink('/proc/self/ns/net'));
		t.is(uid, '0');
		t.is(links.length, 1);
		t.regex(links[0] ?? '', /^lo .*UP/v);
		holder.stdin.end();
		await holder;
	});
}
