import {mkdir, readFile, stat, symlink, truncate, writeFile} from 'node:fs/promises';
import {userInfo} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {dir as temporaryDirectory} from 'tmp-promise';
import {UsageError} from '../../harness/core/errors.ts';
import {whyNotStarted} from '../../harness/image/candidate.ts';
import {inspectCandidate} from '../../harness/image/inspect.ts';

const withDirectory = async (work: (directory: string) => Promise<void>): Promise<void> => {
	const {path: directory, cleanup} = await temporaryDirectory({unsafeCleanup: true});
	try {
		await work(directory);
	} finally {
		await cleanup();
	}
};

/** Message and hint of the UsageError that inspecting raises, with the directory's name taken out. */
const refusal = async (file: string): Promise<readonly [string, string | undefined]> => {
	try {
		await inspectCandidate(file);
	} catch (error) {
		if (error instanceof UsageError) {
			const bare = (text: string): string => text.replaceAll(`${path.dirname(file)}/`, '');
			return [bare(error.message), error.hint === undefined ? undefined : bare(error.hint)];
		}

		throw error;
	}

	return ['accepted', undefined];
};

test('what is no file of whole sectors is refused in words', async (t) => {
	await withDirectory(async (directory) => {
		const at = (name: string): string => path.join(directory, name);
		await mkdir(at('folder'));
		await writeFile(at('empty.raw'), '');
		await writeFile(at('odd.raw'), Buffer.alloc(1000, 7));
		await execa('mkfifo', [at('pipe')]);
		await symlink('loop', at('loop'));
		const names = ['none.raw', 'folder', 'empty.raw', 'odd.raw', 'pipe', 'loop', 'odd.raw/x'];
		const seen = await Promise.all(names.map(async (name) => refusal(at(name))));

		const list = 'A path, or ref:NAME with a name from: bootwright list images';
		t.deepEqual(seen, [
			['No such image: none.raw', list],
			['folder is a directory, not a disk image', undefined],
			['empty.raw is empty (0 bytes)', undefined],
			[
				'odd.raw is 1000 bytes long, not a multiple of 512: a raw disk is made of whole sectors',
				'It may be cut short: compare its length and checksum with its source',
			],
			['pipe is a named pipe, not a file', undefined],
			["Cannot read loop: ELOOP: too many symbolic links encountered, stat 'loop'", undefined],
			['No such image: x', list],
		]);
	});
	t.deepEqual(await refusal('/dev/zero'), ['zero is a character device, not a file', undefined]);
});

test('an unreadable file is refused with how to look at it', async (t) => {
	await withDirectory(async (directory) => {
		const file = path.join(directory, 'private.raw');
		await writeFile(file, Buffer.alloc(512), {mode: 0o000});
		if (userInfo().uid !== 0) {
			t.deepEqual(await refusal(file), [
				'Cannot read private.raw: permission denied',
				'Owner and mode: ls -ld private.raw',
			]);
			return;
		}

		// Root may read everything: look with the eyes of somebody who may not.
		const script = `
			import {inspectCandidate} from ${JSON.stringify(new URL('../../harness/image/inspect.ts', import.meta.url).href)};
			process.setegid(65534);
			process.seteuid(65534);
			await inspectCandidate(${JSON.stringify(file)}).catch((error) => console.log(error.message));`;
		await execa('chmod', ['755', directory]);
		const {stdout} = await execa(process.execPath, ['--input-type=module', '--eval', script]);
		t.is(stdout, `Cannot read ${file}: permission denied`);
	});
});

test('other formats named .raw are called by their name, with the command that converts them', async (t) => {
	await withDirectory(async (directory) => {
		const at = (name: string): string => path.join(directory, name);
		await writeFile(at('plain'), Buffer.alloc(64 * 1024, 'x'));
		const images = ['qcow2', 'vmdk', 'vdi', 'vpc', 'vhdx', 'qed', 'parallels'];
		for (const format of images) {
			await execa('qemu-img', ['create', '-q', '-f', format, at(`${format}.raw`), '1M']);
		}

		await execa('qemu-img', ['create', '-q', '-f', 'vpc', '-o', 'subformat=fixed', at('fixed.raw'), '1M']);
		for (const tool of ['gzip', 'xz', 'zstd', 'bzip2']) {
			const {stdout} = await execa(tool, ['-c', at('plain')], {encoding: 'buffer'});
			await writeFile(at(`${tool}.raw`), stdout);
		}

		await execa('zip', ['-q', at('zip.raw'), 'plain'], {cwd: directory});
		await execa('tar', ['-cf', at('tar.raw'), 'plain'], {cwd: directory});
		await execa('tar', ['-czf', at('wrong.tar.gz'), 'plain'], {cwd: directory});
		const iso = Buffer.alloc(34 * 2048);
		iso.write('CD001', 16 * 2048 + 1);
		await writeFile(at('iso.raw'), iso);
		await writeFile(at("it's.qcow2"), await readFile(at('qcow2.raw')));

		const seen: Record<string, readonly [string, string | undefined]> = {};
		const others = ['fixed.raw', 'gzip.raw', 'xz.raw', 'zstd.raw', 'bzip2.raw', 'zip.raw', 'tar.raw', 'wrong.tar.gz'];
		for (const name of [...images.map((format) => `${format}.raw`), ...others, 'iso.raw', "it's.qcow2"]) {
			seen[name] = await refusal(at(name));
		}

		const convert = (format: string, name: string): string =>
			`qemu-img convert -f ${format} -O raw ${name}.raw ${name}.converted.raw`;
		t.deepEqual(seen, {
			'qcow2.raw': ['qcow2.raw is a qcow2 image, not a raw disk', convert('qcow2', 'qcow2')],
			'vmdk.raw': ['vmdk.raw is a VMDK image, not a raw disk', convert('vmdk', 'vmdk')],
			'vdi.raw': ['vdi.raw is a VDI image, not a raw disk', convert('vdi', 'vdi')],
			'vpc.raw': ['vpc.raw is a VHD image, not a raw disk', convert('vpc', 'vpc')],
			'vhdx.raw': ['vhdx.raw is a VHDX image, not a raw disk', convert('vhdx', 'vhdx')],
			'qed.raw': ['qed.raw is a QED image, not a raw disk', convert('qed', 'qed')],
			'parallels.raw': ['parallels.raw is a Parallels image, not a raw disk', convert('parallels', 'parallels')],
			'fixed.raw': ['fixed.raw is a VHD image of fixed size, not a raw disk', convert('vpc', 'fixed')],
			'gzip.raw': ['gzip.raw is gzip-compressed, not a raw disk', 'gzip -dc gzip.raw > gzip.converted.raw'],
			'xz.raw': ['xz.raw is xz-compressed, not a raw disk', 'xz -dc xz.raw > xz.converted.raw'],
			'zstd.raw': ['zstd.raw is zstd-compressed, not a raw disk', 'zstd -dc zstd.raw > zstd.converted.raw'],
			'bzip2.raw': ['bzip2.raw is bzip2-compressed, not a raw disk', 'bzip2 -dc bzip2.raw > bzip2.converted.raw'],
			'zip.raw': ['zip.raw is a zip archive, not a raw disk', 'unzip -p zip.raw > zip.converted.raw'],
			'tar.raw': ['tar.raw is a tar archive, not a raw disk', 'tar -xf tar.raw'],
			'wrong.tar.gz': [
				'wrong.tar.gz is a gzip-compressed tar archive that begins with "plain"; the import takes one with disk.raw alone',
				undefined,
			],
			'iso.raw': ['iso.raw is an ISO 9660 image (an installation medium), not a raw disk', undefined],
			"it's.qcow2": [
				"it's.qcow2 is a qcow2 image, not a raw disk",
				String.raw`qemu-img convert -f qcow2 -O raw 'it'\''s.qcow2' 'it'\''s.raw'`,
			],
		});
	});
});

test('the import archive is unpacked into the run’s directory, sparse or not', async (t) => {
	await withDirectory(async (directory) => {
		const at = (name: string): string => path.join(directory, name);
		const disk = Buffer.alloc(512, 'b');
		disk.writeUInt16LE(0xaa_55, 510);
		await writeFile(at('disk.raw'), disk);
		await truncate(at('disk.raw'), 64 * 1024 * 1024);
		await execa('tar', ['--format=oldgnu', '-Sczf', at('sparse.tar.gz'), 'disk.raw'], {cwd: directory});
		await execa('tar', ['--format=gnu', '-czf', at('full.tar.gz'), './disk.raw'], {cwd: directory});
		const {stdout: cut} = await execa('head', ['-c', '20000', at('full.tar.gz')], {encoding: 'buffer'});
		await writeFile(at('cut.tar.gz'), cut);
		for (const name of ['sparse', 'full']) {
			await mkdir(at(name));
			const candidate = await inspectCandidate(at(`${name}.tar.gz`), {unpackInto: at(name)});
			t.like(candidate, {
				path: at(`${name}/disk.raw`),
				origin: {kind: 'archive', path: at(`${name}.tar.gz`)},
				bytes: 64 * 1024 * 1024,
				bootable: {mbr: true, gpt: false, fat: false},
			});
			t.true((await stat(candidate.path)).blocks * 512 < 1024 * 1024, 'holes stay holes');
			await execa('cmp', [at('disk.raw'), candidate.path]);
		}

		await mkdir(at('cut'));
		const error = await t.throwsAsync(inspectCandidate(at('cut.tar.gz'), {unpackInto: at('cut')}), {
			instanceOf: UsageError,
		});
		t.regex(error.message, /cut\.tar\.gz cannot be unpacked: .*unexpected end of file/u);
		t.deepEqual(await refusal(at('full.tar.gz')), [
			'full.tar.gz is an import archive; this command takes a raw disk',
			'tar -xzSf full.tar.gz disk.raw',
		]);
	});
});

test('an image that no BIOS can start is no usage error: it comes back with the reason', async (t) => {
	await withDirectory(async (directory) => {
		const file = path.join(directory, 'x.raw');
		await writeFile(file, Buffer.alloc(4096, 'garbage'));
		const garbage = await inspectCandidate(file);
		t.deepEqual(garbage.bootable, {mbr: false, gpt: false, fat: false, why: 'sector 0 does not end in 55 aa'});
		const error = whyNotStarted(garbage, {});
		t.is(error?.failure, 'no-boot-sector');
		t.is(
			error?.message,
			`${file} has no boot sector: sector 0 does not end in 55 aa; found no partition table and no file system known here`,
		);

		await writeFile(file, Buffer.alloc(8 * 1024 * 1024));
		await execa('sfdisk', ['--quiet', file], {input: 'label: gpt\nsize=1M, name=one\nsize=2M, name="two zwei"\n'});
		const uefi = await inspectCandidate(file);
		t.is(
			whyNotStarted(uefi, {})?.message,
			`${file} has no boot sector: sector 0 holds a protective partition table and no boot code (an image for UEFI alone); found GPT with 2 partitions`,
		);
	});
});

test('what a firmware finds on a disk is said before the other one is started in vain', async (t) => {
	await withDirectory(async (directory) => {
		const file = path.join(directory, 'x.raw');
		const uefi = {uefi: {}};
		await writeFile(file, Buffer.alloc(8 * 1024 * 1024));
		await execa('sfdisk', ['--quiet', file], {input: 'label: gpt\nstart=1M, size=4M, type=uefi\n'});
		const bare = whyNotStarted(await inspectCandidate(file), uefi);
		t.is(bare?.failure, 'no-boot-sector');
		t.is(
			bare?.message,
			`${file} has no boot loader that UEFI firmware could find: there is no FAT file system; found GPT with 1 partition`,
		);
		t.notRegex(bare?.hint ?? '', /--profile/u);
		await execa('mkfs.vfat', ['-F', '12', path.join(directory, 'esp'), '-C', '4096'], {env: {PATH: '/usr/sbin:/sbin'}});
		await execa('dd', [`if=${directory}/esp`, `of=${file}`, 'bs=1M', 'seek=1', 'conv=notrunc']);
		const whole = await inspectCandidate(file);
		t.is(whyNotStarted(whole, uefi), undefined);
		t.regex(whyNotStarted(whole, {})?.hint ?? '', /; or take a profile with UEFI: --profile gce-uefi$/u);
		const old = Buffer.alloc(512, 'b');
		old.writeUInt16LE(0xaa_55, 510);
		await writeFile(file, old);
		const mbr = await inspectCandidate(file);
		t.is(whyNotStarted(mbr, {}), undefined);
		t.regex(whyNotStarted(mbr, uefi)?.hint ?? '', /; or take a profile with a BIOS: --profile gce$/u);
	});
});

test('an archive that does not fit is named with the space that is left', async (t) => {
	await withDirectory(async (directory) => {
		const disk = path.join(directory, 'disk.raw');
		await writeFile(disk, Buffer.alloc(1024 * 1024, 'x'));
		await execa('tar', ['-czf', path.join(directory, 'a.tar.gz'), 'disk.raw'], {cwd: directory});
		const script = `
			import {inspectCandidate} from ${JSON.stringify(new URL('../../harness/image/inspect.ts', import.meta.url).href)};
			await inspectCandidate('${directory}/a.tar.gz', {unpackInto: '${directory}/small'})
				.catch((error) => console.log(error.name, error.message));`;
		await writeFile(path.join(directory, 'script.ts'), script);
		// A file system of 512 KiB, in a mount namespace of its own.
		const mount = 'mkdir $0/small && mount -t tmpfs -o size=512k none $0/small && exec $1 $0/script.ts';
		const {stdout} = await execa('unshare', ['-rm', 'sh', '-c', mount, directory, process.execPath]);
		t.is(stdout, `HostError No space to unpack ${directory}/a.tar.gz in ${directory}/small (0 MiB free)`);
	});
});
