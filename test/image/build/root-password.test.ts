import {mkdir, readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {dir as temporaryDirectory} from 'tmp-promise';
import {setRootPassword} from '../../../harness/image/build/root-password.ts';

test('root alone gets the password, and always the same line', async (t) => {
	const {path: tree, cleanup} = await temporaryDirectory({unsafeCleanup: true});
	const file = path.join(tree, 'etc/shadow');
	await mkdir(path.dirname(file));
	const rest = ':19518:0:99999:7:::\ndaemon:*:19518:0:99999:7:::\nxroot:!:19518::::::\n';
	await writeFile(file, `root:*${rest}`);
	await setRootPassword(tree, 'a $pass\\word', {});
	const [, hash = '', ...others] = (await readFile(file, 'utf8')).split(':');
	t.is(`:${others.join(':')}`, rest);
	const {stdout} = await execa('perl', ['-e', 'print crypt(q(a $pass\\\\word), shift)', hash]);
	t.is(stdout, hash);
	await writeFile(file, `root:!${rest}`);
	await setRootPassword(tree, 'a $pass\\word', {});
	t.is(await readFile(file, 'utf8'), `root:${hash}${rest}`);
	await cleanup();
});
