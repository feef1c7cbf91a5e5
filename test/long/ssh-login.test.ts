import {readFile, readdir} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {type RunEvent} from '../../harness/core/events.ts';
import {judge, leftBehind, openPlace} from '../e2e/_program.ts';

test.serial('a key from the metadata server logs in on port 22, and whatever keeps it out is named', async (t) => {
	t.timeout(900_000);
	await using place = await openPlace();
	const scenario = path.join(import.meta.dirname, '_logins.ts');
	const options = ['--only', 'logins', '--only', 'boot.*', '--timeout-scale', '6'];
	const {exitCode, stderr} = await judge(place, ['ref:debian-12-ssh', '--scenario', scenario, ...options]);
	t.is(exitCode, 0, stderr);
	const latest = path.join(place.artifacts, 'latest');
	const events = (await readFile(path.join(latest, 'events.jsonl'), 'utf8')).trimEnd().split('\n');
	const notes = events
		.map((line) => JSON.parse(line) as RunEvent)
		.filter((event) => event.type === 'note')
		.map(({text}) => text.replaceAll(/\d+(?:\.\d+)? s\b/gv, '# s'))
		.filter((text) => /^(?:Logging in|Nobody)/v.test(text));
	const nobody = 'Nobody could log in over the network:';
	t.deepEqual(notes, [
		'Logging in on port 22: the user bootwright was there # s after the metadata server served the key, and ran a command over ssh within # s',
		`${nobody} sshd refused the key, although it is in the authorized_keys of bootwright: look at sshd -T (pubkeyauthentication, allowusers, authorizedkeysfile) and at who may write to the home folder`,
		`${nobody} sshd refused the key, as no user bootwright was made within # s after the metadata server served it: google-guest-agent does that while it runs, cloud-init only at boot and for its own user`,
		`${nobody} nothing listens on port 22: no SSH server is installed, or it did not start`,
	]);
	const files = (await readdir(latest, {recursive: true, withFileTypes: true})).filter((entry) => entry.isFile());
	t.true(files.length > 10);
	for (const {parentPath, name} of files) {
		t.false((await readFile(path.join(parentPath, name), 'latin1')).includes('PRIVATE KEY'), name);
	}

	t.deepEqual(await leftBehind(place), []);
});
