import path from 'node:path';
import test from 'ava';
import {HostError} from '../../harness/core/errors.ts';
import {findQemu, parseQemuVersion} from '../../harness/qemu/find-qemu.ts';
import {folder, script} from './_script.ts';

const cure = 'Run harness/setup/setup.sh, or install qemu-system-x86 and qemu-utils (8.2 or newer) yourself.';

test('versions as distributions and developers write them', (t) => {
	const text = (line: string): string | undefined => parseQemuVersion(line)?.text;
	t.is(text('QEMU emulator version 10.0.2 (Debian 1:10.0.2+ds-2+deb13u1~bpo12+1)'), '10.0.2');
	t.is(text('QEMU emulator version 8.2.2 (Debian 1:8.2.2+ds-0ubuntu1.10)'), '8.2.2');
	t.is(text('QEMU emulator version 9.2.50 (v9.2.0-1234-gabcdef)'), '9.2.50');
	t.deepEqual(parseQemuVersion('QEMU emulator version 11.0'), {major: 11, minor: 0, micro: 0, text: '11.0'});
	t.is(text('bash: qemu: command not found'), undefined);
});

test('the QEMU of this host', async (t) => {
	const {version, imgPath} = await findQemu();
	t.true(version.major >= 8);
	t.is(imgPath, 'qemu-img');
});

test('a QEMU that is named, and the qemu-img beside it', async (t) => {
	const directory = await folder(t);
	const qemu = await script(directory, 'qemu-system-x86_64-new', 'echo QEMU emulator version 9.0.1');
	const env = {PATH: process.env['PATH'], BOOTWRIGHT_QEMU: qemu};
	t.is((await findQemu(env)).imgPath, 'qemu-img');
	const img = await script(directory, 'qemu-img-new', 'echo qemu-img version 9.0.1');
	const found = {path: qemu, imgPath: img, version: {major: 9, minor: 0, micro: 1, text: '9.0.1'}};
	t.deepEqual(await findQemu(env), found);
	const relative = path.relative(process.cwd(), qemu);
	t.deepEqual(await findQemu({...env, BOOTWRIGHT_QEMU: relative}), found);
});

test('one that is too old is refused with the reason', async (t) => {
	const qemu = await script(
		await folder(t),
		'qemu-system-x86_64',
		'echo "QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18)"',
	);
	const error = await t.throwsAsync(findQemu({PATH: process.env['PATH'], BOOTWRIGHT_QEMU: qemu}), {
		instanceOf: HostError,
		message: `${qemu} is QEMU 7.2.22; 8.2 is the oldest that has the cloud's PIIX4 ISA bridge`,
	});
	t.is(error.hint, cure);
});

test('none at all', async (t) => {
	const directory = await folder(t);
	const error = await t.throwsAsync(findQemu({PATH: directory}), {
		instanceOf: HostError,
		message: 'qemu-system-x86_64 was not found',
	});
	t.is(error.hint, cure);
	const named = path.join(directory, 'qemu');
	await t.throwsAsync(findQemu({PATH: directory, BOOTWRIGHT_QEMU: named}), {message: `${named} was not found`});
});

test('QEMU without qemu-img', async (t) => {
	const directory = await folder(t);
	await script(directory, 'qemu-system-x86_64', 'echo QEMU emulator version 10.0.2');
	await t.throwsAsync(findQemu({PATH: directory}), {instanceOf: HostError, message: 'qemu-img was not found'});
});

test('something that is no QEMU, and one that does not run', async (t) => {
	const directory = await folder(t);
	const other = await script(directory, 'other', 'echo hello');
	await t.throwsAsync(findQemu({PATH: process.env['PATH'], BOOTWRIGHT_QEMU: other}), {
		instanceOf: HostError,
		message: `${other} did not say its version as QEMU does`,
	});
	const broken = await script(
		directory,
		'broken',
		'echo "error while loading shared libraries: libfdt.so.1" >&2; exit 127',
	);
	await t.throwsAsync(findQemu({PATH: process.env['PATH'], BOOTWRIGHT_QEMU: broken}), {
		instanceOf: HostError,
		message: `${broken} does not run: error while loading shared libraries: libfdt.so.1 (exit code 127)`,
	});
});
