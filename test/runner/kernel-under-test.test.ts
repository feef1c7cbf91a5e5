import {mkdir, readFile, stat, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {dir} from 'tmp-promise';
import {UsageError} from '../../harness/core/errors.ts';
import {type Candidate} from '../../harness/image/candidate.ts';
import {kernelOnImage, ramdiskOf} from '../../harness/runner/kernel-under-test.ts';

const folder = async (t: ExecutionContext): Promise<string> => {
	const {path: directory, cleanup} = await dir({unsafeCleanup: true, prefix: 'bootwright-test-'});
	t.teardown(cleanup);
	return directory;
};

const bzImage = async (directory: string): Promise<string> => {
	const bytes = Buffer.alloc(1024);
	bytes.write('HdrS', 0x2_02);
	const file = path.join(directory, 'bzImage');
	await writeFile(file, bytes);
	return file;
};

const disk = (filesystems: ReadonlyArray<string | undefined>): Candidate =>
	({
		partitions: filesystems.map((filesystem, index) => ({number: index + 1, bytes: (index + 1) * 1000, filesystem})),
		filesystem: undefined,
		origin: {kind: 'raw', path: '/disk.raw'},
	}) as unknown as Candidate;

test('the largest file system that can be a root is the root, unless the person says another', async (t) => {
	const directory = await folder(t);
	const kernel = await bzImage(directory);
	const candidate = disk(['ext4', 'xfs', 'swap', 'vfat']);
	const given = {candidate, folder: directory};
	t.like(await kernelOnImage({kernel, append: 'quiet'}, given), {
		path: kernel,
		initrd: undefined,
		append: 'root=/dev/sda2 ro console=ttyS0,38400n8 quiet',
	});
	t.is((await kernelOnImage({kernel, append: 'root=/dev/sda1'}, given)).append, 'console=ttyS0,38400n8 root=/dev/sda1');
	await t.throwsAsync(kernelOnImage({kernel}, {candidate: disk(['LVM2_member']), folder: directory}), {
		instanceOf: UsageError,
		message: /No root file system/v,
	});
});

test('a 32-bit kernel gets 32-bit programs; one too old to say what it is, and one of both kinds, the others', async (t) => {
	const file = await bzImage(await folder(t));
	const told = async (version: number, flags: number) => {
		const bytes = await readFile(file);
		bytes.writeUInt16LE(version, 0x2_06);
		bytes.writeUInt16LE(flags, 0x2_36);
		await writeFile(file, bytes);
		return ramdiskOf(file);
	};
	t.is(await told(0x2_0f, 0b0), 'probe-686-pae');
	t.is(await told(0x2_0f, 0b1_1110), 'probe-686-pae');
	t.is(await told(0x2_0f, 0b11), 'probe');
	t.is(await told(0x2_0b, 0b0), 'probe');
});

test('what is no boot image is told so, and what cannot be read', async (t) => {
	const directory = await folder(t);
	const given = {candidate: disk(['ext4']), folder: directory};
	await writeFile(path.join(directory, 'vmlinux'), Buffer.alloc(1024, 1));
	await t.throwsAsync(kernelOnImage({kernel: path.join(directory, 'vmlinux')}, given), {
		instanceOf: UsageError,
		message: /is no x86 boot image/v,
	});
	await t.throwsAsync(kernelOnImage({kernel: 'ref:no-smi'}, given), {
		instanceOf: UsageError,
		message: /"no-smi".*Did you mean "no-msi"/v,
	});
	await t.throwsAsync(kernelOnImage({kernel: '/nowhere/bzImage'}, given), {
		instanceOf: UsageError,
		message: /^Cannot read \/nowhere\/bzImage/v,
	});
});

test('modules are one more archive behind the ramdisk', async (t) => {
	const directory = await folder(t);
	const kernel = await bzImage(directory);
	const initrd = path.join(directory, 'initrd');
	await writeFile(initrd, Buffer.alloc(509, 7));
	const release = path.join(directory, 'mods/lib/modules/6.99.0');
	await mkdir(path.join(release, 'kernel'), {recursive: true});
	await writeFile(path.join(release, 'modules.dep'), '');
	await writeFile(path.join(release, 'kernel/some.ko'), 'a module');
	const given = {candidate: disk(['ext4']), folder: directory};
	const made = await kernelOnImage({kernel, initrd, modules: path.join(directory, 'mods')}, given);
	const bytes = await readFile(made.initrd ?? '');
	t.true(bytes.subarray(0, 509).equals(Buffer.alloc(509, 7)));
	t.is(bytes.indexOf('070701'), 512);
	t.true(bytes.includes('lib/modules/6.99.0/kernel/some.ko'));
	t.is((await stat(initrd)).size, 509);
	await t.throwsAsync(kernelOnImage({kernel, modules: directory}, given), {
		instanceOf: UsageError,
		message: /started without one/v,
	});
	await t.throwsAsync(kernelOnImage({kernel, initrd, modules: directory}, given), {
		instanceOf: UsageError,
		message: /holds no modules/v,
	});
});
