import {chmod, mkdir, truncate, writeFile} from 'node:fs/promises';
import {userInfo} from 'node:os';
import path from 'node:path';
import {gzipSync} from 'node:zlib';
import test from 'ava';
import {execa} from 'execa';
import {asNobody} from '../open-to-nobody.ts';
import {bootwright, entry, judge, leftBehind, openPlace} from './_program.ts';

/** What no machine is started for: the message, the exit code, and nothing left behind. */
const refused = test.macro(
	async (t, make: (directory: string) => string | Promise<string>, expected: (file: string) => string) => {
		await using place = await openPlace();
		const file = await make(place.directory);
		const {exitCode, stdout, stderr} = await bootwright(['test', file], {env: place.env});
		t.is(exitCode, 2);
		t.is(stdout, '');
		t.is(stderr, expected(file));
		t.deepEqual(await leftBehind(place), []);
	},
);

const written = (bytes: Uint8Array | string) => async (directory: string) => {
	const file = path.join(directory, 'image.raw');
	await writeFile(file, bytes);
	return file;
};

test(
	'a missing file',
	refused,
	(directory) => path.join(directory, 'missing.raw'),
	(file) => `bootwright: No such image: ${file}\n  A path, or ref:NAME with a name from: bootwright list images`,
);

test(
	'a directory',
	refused,
	(directory) => directory,
	(file) => `bootwright: ${file} is a directory, not a disk image`,
);

test('an empty file', refused, written(''), (file) => `bootwright: ${file} is empty (0 bytes)`);

test(
	'a size that is no multiple of 512',
	refused,
	written(Buffer.alloc(1_048_577)),
	(file) =>
		`bootwright: ${file} is 1048577 bytes long, not a multiple of 512: a raw disk is made of whole sectors\n` +
		'  It may be cut short: compare its length and checksum with its source',
);

test(
	'a qcow2 named .raw',
	refused,
	async (directory) => {
		const file = path.join(directory, 'image.raw');
		await execa('qemu-img', ['create', '-q', '-f', 'qcow2', file, '16M']);
		return file;
	},
	(file) =>
		`bootwright: ${file} is a qcow2 image, not a raw disk\n  qemu-img convert -f qcow2 -O raw ${file} ${file.replace(/\.raw$/, '.converted.raw')}`,
);

test(
	'a gzip named .raw',
	refused,
	written(gzipSync(Buffer.alloc(65_536))),
	(file) =>
		`bootwright: ${file} is gzip-compressed, not a raw disk\n  gzip -dc ${file} > ${file.replace(/\.raw$/, '.converted.raw')}`,
);

test('a file that may not be read', async (t) => {
	await using place = await openPlace();
	const file = path.join(place.directory, 'image.raw');
	await writeFile(file, Buffer.alloc(1024));
	await chmod(file, 0o000);
	await chmod(place.directory, 0o755);
	await chmod(place.temporary, 0o777);
	const command = [process.execPath, entry, 'test', file];
	const env = {...place.env, HOME: place.temporary};
	// Root reads everything: try it as nobody.
	const [program = '', ...args] = userInfo().uid === 0 ? asNobody(command) : command;
	const {exitCode, stderr} = await execa(program, args, {reject: false, env, cwd: '/'});
	t.is(exitCode, 2);
	t.is(stderr, `bootwright: Cannot read ${file}: permission denied\n  Owner and mode: ls -ld ${file}`);
});

test('of several images none is started when one of them is wrong', async (t) => {
	await using place = await openPlace();
	const good = path.join(place.directory, 'good.raw');
	await writeFile(good, Buffer.alloc(1024));
	const {exitCode, stdout} = await bootwright(['test', good, path.join(place.directory, 'missing.raw')], {
		env: place.env,
	});
	t.is(exitCode, 2);
	t.is(stdout, '');
	t.deepEqual(await leftBehind(place), []);
});

test('no boot sector: the guest does not come up, and no machine is started for it', async (t) => {
	await using place = await openPlace();
	const file = path.join(place.directory, 'image.raw');
	await writeFile(file, '');
	await truncate(file, 64 * 1024 * 1024);
	const {exitCode, result, stdout} = await judge(place, [file]);
	t.is(exitCode, 3);
	t.is(result.failure?.kind, 'no-boot-sector');
	t.is(
		result.failure?.message,
		`${file} has no boot sector: sector 0 does not end in 55 aa; found no partition table and no file system known here`,
	);
	t.true(result.requirements.every(({verdict}) => verdict === 'skip'));
	t.regex(stdout, /The guest did not come up/);
	t.deepEqual(await leftBehind(place), []);
});

test('unknown options and ids name the nearest', async (t) => {
	const option = await bootwright(['test', '--onyl', 'scsi']);
	t.is(option.exitCode, 2);
	t.regex(option.stderr, /unknown option '--onyl'\n {2}Did you mean --only\?/);
	const id = await bootwright(['test', '--only', 'hw.scsi.blok-size', 'image.raw']);
	t.is(id.exitCode, 2);
	t.regex(
		id.stderr,
		/"hw\.scsi\.blok-size" matches no requirement and no scenario\. Did you mean "hw\.scsi\.block-size"/,
	);
	const nothing = await bootwright(['test', '--only', 'pci', '--skip', 'hw.*', 'image.raw']);
	t.is(nothing.exitCode, 2);
	t.regex(nothing.stderr, /Nothing is selected/);
	const command = await bootwright(['tset']);
	t.is(command.exitCode, 2);
	t.regex(command.stderr, /unknown command 'tset'\n {2}Did you mean test\?/);
});

test('a profile with a typo: file, line, column, nearest key', async (t) => {
	await using place = await openPlace();
	const file = path.join(place.directory, 'mine.yaml');
	await mkdir(place.artifacts);
	await writeFile(file, 'extends: gce\ndisk:\n  numQueus: 1\n');
	const {exitCode, stderr} = await bootwright(['test', '--profile', file, 'image.raw']);
	t.is(exitCode, 2);
	t.is(stderr, `bootwright: ${file}:3:3: disk.numQueus: unknown key, did you mean "numQueues"?`);
});
