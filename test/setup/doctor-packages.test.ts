import {chmod, readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import tmp from 'tmp-promise';
import {checkPackages, isOnPath, parsePackages} from '../../harness/setup/doctor/packages.ts';

test('packages.txt: a package, its program and its reason a line, those of the tests apart', (t) => {
	t.deepEqual(
		parsePackages('# comment  with  # marks\nqemu-utils  qemu-img  # overlays\n\n[test]\nzip\tzip  # a wrong format\n'),
		[
			{name: 'qemu-utils', program: 'qemu-img', why: 'overlays', test: false},
			{name: 'zip', program: 'zip', why: 'a wrong format', test: true},
		],
	);
});

test('every package that setup.sh reads is one that doctor reads', async (t) => {
	const text = await readFile(new URL('../../harness/setup/packages.txt', import.meta.url), 'utf8');
	// As setup.sh does: the first word of each line that begins with a name.
	const names = text
		.matchAll(/^[a-z\d]\S*/gm)
		.map(([name]) => name)
		.toArray();
	t.deepEqual(
		parsePackages(text).map(({name}) => name),
		names,
	);
});

test('a program counts where it can be run', async (t) => {
	const {path: folder, cleanup} = await tmp.dir({unsafeCleanup: true});
	t.teardown(cleanup);
	const file = path.join(folder, 'bootwright-probe');
	await writeFile(file, '#!/bin/sh\n');
	t.false(await isOnPath('bootwright-probe', folder));
	await chmod(file, 0o755);
	t.true(await isOnPath('bootwright-probe', `/nonexistent:${folder}`));
});

test('what is missing comes with the command that installs it', async (t) => {
	const [run] = await checkPackages('/nonexistent');
	t.false(run?.ok);
	t.regex(run?.found ?? '', /^missing: qemu-system-x86_64, qemu-img, /);
	t.regex(run?.cure ?? '', /^sudo apt-get install --no-install-recommends qemu-system-x86 qemu-utils /);
});
