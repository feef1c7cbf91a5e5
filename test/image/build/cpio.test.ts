import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {dir as temporaryDirectory} from 'tmp-promise';
import {type CpioEntry, newcArchive, withParents} from '../../../harness/image/build/cpio.ts';

const entries: readonly CpioEntry[] = [
	{type: 'directory', path: 'proc'},
	{type: 'character-device', path: 'dev/console', major: 5, minor: 1},
	{type: 'file', path: 'bin/busybox', mode: 0o4755, content: Buffer.from([0x7f, 0x45])},
	{type: 'symlink', path: 'bin/sh', target: 'busybox'},
	{type: 'file', path: 'etc/inittab', content: 'odd\n'},
];

const listing = async (archive: Buffer): Promise<readonly string[]> => {
	const {path: directory, cleanup} = await temporaryDirectory({unsafeCleanup: true});
	try {
		const file = path.join(directory, 'archive');
		await writeFile(file, archive);
		const {stdout} = await execa('busybox', ['cpio', '-tv', '-F', file], {env: {TZ: 'UTC'}});
		return stdout.split('\n').map((line) => line.replaceAll(/ +/gv, ' '));
	} finally {
		await cleanup();
	}
};

test('another program finds every member, parents first, all of root', async (t) => {
	t.deepEqual(await listing(newcArchive(withParents(entries))), [
		'drwxr-xr-x 0/0 0 1970-01-01 00:00:00 proc',
		'drwxr-xr-x 0/0 0 1970-01-01 00:00:00 dev',
		'crw------- 0/0 0 1970-01-01 00:00:00 dev/console',
		'drwxr-xr-x 0/0 0 1970-01-01 00:00:00 bin',
		'-rwsr-xr-x 0/0 2 1970-01-01 00:00:00 bin/busybox',
		'lrwxrwxrwx 0/0 0 1970-01-01 00:00:00 bin/sh -> busybox',
		'drwxr-xr-x 0/0 0 1970-01-01 00:00:00 etc',
		'-rw-r--r-- 0/0 4 1970-01-01 00:00:00 etc/inittab',
	]);
});

test('another program gets the contents back', async (t) => {
	const {path: directory, cleanup} = await temporaryDirectory({unsafeCleanup: true});
	await execa('busybox', ['cpio', '-id', 'bin/busybox', 'etc/inittab'], {
		cwd: directory,
		input: newcArchive(withParents(entries)),
	});
	const {stdout} = await execa('od', ['-An', '-c', 'bin/busybox', 'etc/inittab'], {cwd: directory});
	t.is(stdout.replaceAll(/ +/gv, ' '), String.raw` 177 E o d d \n`);
	await cleanup();
});

test('archives laid end to end stay aligned', (t) => {
	for (const content of ['', 'a', 'abcd', 'x'.repeat(511)]) {
		t.is(newcArchive([{type: 'file', path: 'x', content}]).length % 512, 0);
	}
});
