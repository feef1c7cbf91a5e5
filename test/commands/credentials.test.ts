import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {dir} from 'tmp-promise';
import {credentialsOf} from '../../harness/commands/credentials.ts';
import {UsageError} from '../../harness/core/errors.ts';

const {path: directory, cleanup} = await dir({unsafeCleanup: true, prefix: 'bw-credentials'});
const passwordFile = path.join(directory, 'password');
await writeFile(passwordFile, ' with blanks \r\nsecond line\n');
test.after.always(async () => cleanup());

test('nobody', async (t) => {
	t.is(await credentialsOf({}, {BOOTWRIGHT_PASSWORD: 'unused'}), undefined);
});

test('the first line of the file, blanks and all, before the environment', async (t) => {
	const env = {BOOTWRIGHT_PASSWORD: 'other'};
	t.deepEqual(await credentialsOf({user: 'root', passwordFile}, env), {user: 'root', password: ' with blanks '});
	t.deepEqual(await credentialsOf({user: 'root'}, env), {user: 'root', password: 'other'});
});

test('an empty password is one', async (t) => {
	t.deepEqual(await credentialsOf({user: 'root', passwordFile: '/dev/null'}, {}), {user: 'root', password: ''});
});

test('one half is missing, or the file', async (t) => {
	await t.throwsAsync(credentialsOf({passwordFile}, {}), {
		instanceOf: UsageError,
		message: '--password-file needs a user',
	});
	await t.throwsAsync(credentialsOf({user: 'root'}, {}), {
		instanceOf: UsageError,
		message: '--user root needs a password',
	});
	await t.throwsAsync(credentialsOf({user: 'root', passwordFile: '/nonexistent'}, {}), {
		instanceOf: UsageError,
		message: /^Cannot read the password file \/nonexistent: ENOENT/,
	});
});
