import {access, readFile, readdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {exampleRun, passed, start} from '../report/example-run.ts';
import {examples, stub} from './_stub.ts';

const green = [
	start({requirements: ['hw.scsi.spc4']}),
	passed('hw.scsi.spc4'),
	{type: 'run-finished', at: 1, durationMs: 1, exitCode: 0},
] as const;
const judge = path.join(examples, 'judge-image/judge.sh');

test('judge.sh tells what failed, and ends as the program did', async (t) => {
	const {directory, program, asked} = await stub(t, exampleRun);
	const {stdout, stderr, exitCode} = await execa(judge, ['image.raw', 'out', '--strict'], {
		cwd: directory,
		env: {BOOTWRIGHT: program},
		reject: false,
	});
	t.is(stderr, '');
	t.is(
		stdout,
		`fail: 1 of 6 rows passed
fail hw.scsi.block-size: "logical block size of sda is 4096, required 512 (guest)"
  bootwright explain hw.scsi.block-size
fail boot.console-clean: "1 problem on the consoles"
  bootwright explain boot.console-clean`,
	);
	t.is(exitCode, 1);
	t.is(
		await readFile(asked, 'utf8'),
		'test image.raw --artifacts out --json out/result.json --reporter none --strict\n',
	);
});

test('judge.sh takes no result of an earlier run for this one’s', async (t) => {
	const {directory, program} = await stub(t, green);
	const env = {BOOTWRIGHT: program};
	const first = await execa(judge, ['image.raw', 'out'], {cwd: directory, env});
	t.is(first.stdout, 'pass: 1 of 1 rows passed');
	const second = await execa(judge, ['image.raw', 'out'], {cwd: directory, env: {BOOTWRIGHT: 'false'}, reject: false});
	t.deepEqual([second.stdout, second.exitCode], ['', 1]);
});

test('judge.mk judges once for each build, and again after a failure', async (t) => {
	const {directory, program, asked} = await stub(t, green);
	await writeFile(path.join(directory, 'image.raw'), '');
	const make = async (bootwright: string) =>
		execa('make', ['-f', path.join(examples, 'makefile/judge.mk'), 'judge', `BOOTWRIGHT=${bootwright}`], {
			cwd: directory,
			reject: false,
		});
	t.is((await make('false')).exitCode, 2);
	await t.throwsAsync(access(path.join(directory, 'judged/image.raw.ok')));
	t.is((await make(program)).exitCode, 0);
	t.is((await make(program)).exitCode, 0);
	t.is(await readFile(asked, 'utf8'), 'test image.raw --artifacts judged --junit judged/junit.xml\n');
});

test('shellcheck has nothing to complain about', async (t) => {
	if ((await execa('shellcheck', ['--version'], {reject: false})).exitCode !== 0) {
		t.log('skipped: this host has no shellcheck');
		t.pass();
		return;
	}

	t.is((await execa('shellcheck', [judge], {reject: false})).stdout, '');
});

test('every example has a short README, and is in the list', async (t) => {
	const list = await readFile(path.join(examples, 'README.md'), 'utf8');
	const folders = (await readdir(examples, {withFileTypes: true})).filter((entry) => entry.isDirectory());
	t.true(folders.length >= 3);
	for (const {name} of folders) {
		t.true(list.includes(`(${name}/README.md)`), name);
		const text = await readFile(path.join(examples, name, 'README.md'), 'utf8');
		t.true(text.split('\n').filter((line) => line !== '').length <= 5, name);
	}
});
