import {chmod, mkdir, readdir, symlink, truncate, writeFile} from 'node:fs/promises';
import {userInfo} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {dir as temporaryDirectory} from 'tmp-promise';
import {userNamespace} from '../../../harness/image/build/btrfs.ts';
import {inByteOrder} from '../../../harness/image/build/in-byte-order.ts';
import {xfsPrototype} from '../../../harness/image/build/xfs-prototype.ts';

/** A tree with all that is lost easily: who owns what, whose rights a program takes, a sticky folder, a link. */
const makeTree = async (directory: string): Promise<string> => {
	const tree = path.join(directory, 'tree');
	await mkdir(path.join(tree, 'bin'), {recursive: true});
	await writeFile(path.join(tree, 'bin/su'), 'program');
	await chmod(path.join(tree, 'bin/su'), 0o4755);
	await writeFile(path.join(tree, 'bin/expiry'), 'program');
	await chmod(path.join(tree, 'bin/expiry'), 0o2755);
	await symlink('su', path.join(tree, 'bin/link'));
	await mkdir(path.join(tree, 'tmp'));
	await chmod(path.join(tree, 'tmp'), 0o1777);
	await chmod(tree, 0o755);
	return tree;
};

const owners = '0 42 bin/expiry\n7 8 bin/link\n';

test('XFS: mkfs makes of the description what the directory is', async (t) => {
	const {path: directory, cleanup} = await temporaryDirectory({unsafeCleanup: true});
	const tree = await makeTree(directory);
	const {text, sticky} = await xfsPrototype(tree, owners);
	const [file, made] = [path.join(directory, 'prototype'), path.join(directory, 'xfs.img')];
	await writeFile(file, text);
	await writeFile(made, '');
	await truncate(made, 320 * 1024 * 1024);
	const env = {PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`};
	await execa('mkfs.xfs', ['-q', '-p', file, made], {env});
	const tell = async (name: string): Promise<string> => {
		const fields = ['core.mode', 'core.uid', 'core.gid'].flatMap((field) => ['-c', `print ${field}`]);
		const {stdout} = await execa('xfs_db', ['-r', '-c', `path ${name}`, ...fields, made], {env});
		return stdout.replaceAll(/core\.\w+ = /g, '').replaceAll('\n', ' ');
	};
	t.deepEqual(await Promise.all(['/bin/su', '/bin/expiry', '/bin/link', '/bin', '/tmp'].map(tell)), [
		'0104755 0 0',
		'0102755 0 42',
		'0120777 7 8',
		'040755 0 0',
		'040777 0 0',
	]);
	t.deepEqual(
		sticky.map(({name, mode}) => [name, mode.toString(8)]),
		[['tmp', '41777']],
	);
	await cleanup();
});

test('XFS: a name that a description cannot hold is refused', async (t) => {
	const {path: directory, cleanup} = await temporaryDirectory({unsafeCleanup: true});
	await writeFile(path.join(directory, 'a b'), '');
	await t.throwsAsync(xfsPrototype(directory, ''), {
		message: 'A prototype of mkfs.xfs cannot name "a b": there is a space in it',
	});
	await cleanup();
});

test('Btrfs: mkfs reads a copy that belongs to the right users, and the tree stays as it is', async (t) => {
	const {path: directory, cleanup} = await temporaryDirectory({unsafeCleanup: true});
	const tree = await makeTree(directory);
	const [list, copy] = [path.join(directory, 'owners'), path.join(directory, 'copy')];
	await mkdir(copy);
	await writeFile(list, owners);
	const script = path.join(import.meta.dirname, '../../../harness/image/build/owned-copy.sh');
	const show = ['find', '.', '-printf', '%m %U %G %p\\n'];
	const {stdout} = await execa('unshare', [...userNamespace(), '--mount', 'sh', script, tree, list, copy, ...show]);
	t.deepEqual(stdout.split('\n').toSorted(inByteOrder), [
		'1777 0 0 ./tmp',
		'2755 0 42 ./bin/expiry',
		'4755 0 0 ./bin/su',
		'755 0 0 .',
		'755 0 0 ./bin',
		'777 7 8 ./bin/link',
	]);
	t.deepEqual(await readdir(copy), []);
	const {uid, gid} = userInfo();
	const {stdout: after} = await execa('stat', ['--format=%u %g', path.join(tree, 'bin/expiry')]);
	t.is(after, `${uid} ${gid}`);
	await cleanup();
});
