import {existsSync} from 'node:fs';
import {mkdir, readFile, readdir, truncate, utimes, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {acquireLock} from '../../harness/image/build/lock.ts';
import {programVersion} from '../../harness/program/program-version.ts';
import {bootwright, openPlace} from '../e2e/_program.ts';

test('a directory in which a matrix is run is not taken by another one', async (t) => {
	await using place = await openPlace();
	const file = path.join(place.directory, 'matrix.yaml');
	// No cell of it can begin.
	await writeFile(file, 'images: [/nonexistent.raw]\n');
	const night = path.join(place.directory, 'night');
	const args = ['matrix', file, '--artifacts', night];
	t.is((await bootwright(args, place)).exitCode, 2);
	await using _other = await acquireLock(path.join(night, 'lock'));
	const cells = await readdir(path.join(night, 'cells'));
	const {exitCode, stderr} = await bootwright(args, place);
	t.is(exitCode, 2);
	t.is(
		stderr,
		`bootwright: Another matrix is run in ${night}\n  Wait for its end, or give another directory with --artifacts DIR.`,
	);
	t.deepEqual(await readdir(path.join(night, 'cells')), cells);
});

test('without a word on directories each matrix gets one of its own, with its reports', async (t) => {
	await using place = await openPlace();
	const file = path.join(place.directory, 'night.yaml');
	await writeFile(file, 'images: [/nonexistent.raw]\n');
	const both = await Promise.all([1, 2].map(async () => bootwright(['matrix', file], place)));
	const directories = both.map(({stderr}) => /^To go on where this ends early: --artifacts (.*)$/mv.exec(stderr)?.[1]);
	t.is(new Set(directories).size, 2);
	for (const directory of directories) {
		t.is(path.dirname(directory!), path.join(place.directory, 'state/bootwright/matrix'));
		const names = await readdir(directory!);
		t.deepEqual(new Set(names), new Set(['cells', 'index.html', 'junit.xml', 'lock', 'matrix.json', 'summary.md']));
	}

	// A list makes none.
	await bootwright(['matrix', file, '--list'], place);
	const all = await readdir(path.join(place.directory, 'state/bootwright/matrix'));
	t.is(all.length, 2);
});

test('reports may be put into the directory that the matrix makes, by other names', async (t) => {
	await using place = await openPlace();
	const file = path.join(place.directory, 'night.yaml');
	await writeFile(file, 'images: [/nonexistent.raw]\n');
	const args = ['matrix', file, '--artifacts', 'night', '--html', 'night/page.html', '--tap', 'night/night.tap'];
	const {stderr} = await bootwright(args, {...place, cwd: place.directory});
	t.is(stderr, '');
	const names = await readdir(path.join(place.directory, 'night'));
	t.deepEqual(
		new Set(names),
		new Set(['cells', 'junit.xml', 'lock', 'matrix.json', 'night.tap', 'page.html', 'summary.md']),
	);
});

test('a directory that cannot be made is a mistake of the command line', async (t) => {
	await using place = await openPlace();
	const file = path.join(place.directory, 'night.yaml');
	await writeFile(file, 'images: [/nonexistent.raw]\n');
	const {exitCode, stderr} = await bootwright(['matrix', file, '--artifacts', path.join(file, 'night')], place);
	t.is(exitCode, 2);
	t.regex(stderr, /^bootwright: Cannot make the directory .*night: ENOTDIR/v);
});

test('what is wrong in the file is told before anything is begun, and by --list', async (t) => {
	await using place = await openPlace();
	const file = path.join(place.directory, 'matrix.yaml');
	await writeFile(file, 'images: [/nonexistent.raw, ref:prob]\n');
	const night = path.join(place.directory, 'night');
	for (const more of [['--list'], ['--cell', 'nonexistent.*']]) {
		const {exitCode, stdout, stderr} = await bootwright(['matrix', file, '--artifacts', night, ...more], place);
		t.deepEqual([exitCode, stdout], [2, '']);
		t.regex(stderr, /^bootwright: Cell prob\.gce\.auto\.all: There is no image "prob"\. Did you mean "probe"/v);
	}

	t.false(existsSync(night));
});

test('the same command goes on: what was wrong on its command line is tried again, what was judged is not', async (t) => {
	await using place = await openPlace();
	const {directory, env} = place;
	// It has no boot sector: no machine is started.
	await writeFile(path.join(directory, 'a.raw'), '');
	await truncate(path.join(directory, 'a.raw'), 1_048_576);
	await writeFile(path.join(directory, 'matrix.yaml'), 'images: [a.raw]\nprofiles: [./q.yaml]\n');
	const again = async () => bootwright(['matrix', 'matrix.yaml', '--artifacts', 'night'], {env, cwd: directory});
	t.is((await again()).exitCode, 2);
	await writeFile(path.join(directory, 'q.yaml'), 'extends: gce\n');
	const judged = await again();
	t.is(judged.exitCode, 3, judged.stdout);
	t.notRegex(judged.stdout, /, before\)/v);
	t.regex((await again()).stdout, /, before\)/v);
	await utimes(path.join(directory, 'q.yaml'), 1, 1);
	t.notRegex((await again()).stdout, /, before\)/v);
	// Judged by another version.
	const [cell = ''] = await readdir(path.join(directory, 'night/cells'));
	const record = path.join(directory, 'night/cells', cell, 'cell.json');
	await writeFile(record, (await readFile(record, 'utf8')).replace(programVersion(), '0.1.0'));
	const anew = await again();
	t.is(anew.stderr, `cells that Bootwright 0.1.0 has judged are run again: this is ${programVersion()}`);
	t.notRegex(anew.stdout, /, before\)/v);
	// A record that cannot be read is none.
	await writeFile(record, '');
	const told = await again();
	t.is(told.exitCode, 3);
	t.regex(told.stderr, /cell\.json is no record of this version/v);
	t.notRegex(told.stdout, /, before\)/v);
});

test('durations come from a directory that is there; one without results is told', async (t) => {
	await using place = await openPlace();
	const {directory, env} = place;
	await writeFile(path.join(directory, 'matrix.yaml'), 'images: [/a.raw, /b.raw]\n');
	const listed = async (durations: string) =>
		bootwright(['matrix', 'matrix.yaml', '--shard', '1/2', '--durations', durations, '--list'], {env, cwd: directory});
	for (const [durations, why] of [
		['lost-night', 'ENOENT'],
		['matrix.yaml', 'ENOTDIR'],
	] as const) {
		const {exitCode, stdout, stderr} = await listed(durations);
		t.deepEqual([exitCode, stdout], [2, '']);
		t.true(stderr.startsWith(`bootwright: Cannot take durations from ${durations}: ${why}`), stderr);
	}

	await mkdir(path.join(directory, 'first-night'));
	const {exitCode, stdout, stderr} = await listed('first-night');
	t.deepEqual([exitCode, stdout], [0, 'a.gce.auto.all']);
	t.is(stderr, 'first-night holds no result of these cells: all count the same');
});

test('no report takes the place of what a matrix is made of, or of another report', async (t) => {
	await using place = await openPlace();
	const options = {...place, cwd: place.directory};
	await writeFile(path.join(place.directory, 'night.yaml'), 'images: [/nonexistent.raw]\n');
	const refused = async (args: readonly string[], message: string): Promise<void> => {
		const {exitCode, stdout, stderr} = await bootwright(args, options);
		t.deepEqual([exitCode, stdout, stderr.split('\n')[0]], [2, '', `bootwright: ${message}`]);
	};

	const matrix = ['matrix', 'night.yaml', '--artifacts', 'night'];
	await refused(
		[...matrix, '--junit', 'night/matrix.json'],
		'--junit night/matrix.json would be written over night/matrix.json',
	);
	await refused([...matrix, '--tap', 'night/lock'], '--tap night/lock would be written over night/lock');
	await refused(
		[...matrix, '--json', 'night/junit.xml'],
		'--json night/junit.xml and --junit night/junit.xml would be one file',
	);
	t.false(existsSync(path.join(place.directory, 'night')));
	await bootwright(matrix, options);
	const [cell = ''] = await readdir(path.join(place.directory, 'night/cells'));
	const record = `night/cells/${cell}/cell.json`;
	const into = `--html ${record} would be written into night/cells, of which reports are made`;
	await refused([...matrix, '--html', record], into);
	await refused(['merge', 'night', '--html', record], into);
	await refused(['merge', 'night', '--artifacts', 'all', '--html', record], into);
	await refused(
		['merge', 'night', '--json', 'night/matrix.json'],
		'--json night/matrix.json would be written over night/matrix.json',
	);
	await refused(
		['merge', 'night', '--artifacts', 'all', '--tap', 'all/index.html'],
		`--tap all/index.html and --html ${path.join(place.directory, 'all/index.html')} would be one file`,
	);
	t.false(existsSync(path.join(place.directory, 'all')));
	t.true(existsSync(path.join(place.directory, record)));
});

test('what is known to happen stands on the page of its cell too, also where the shards are put together', async (t) => {
	await using place = await openPlace();
	const options = {...place, cwd: place.directory};
	// It has no boot sector: no machine is started.
	await writeFile(path.join(place.directory, 'a.raw'), '');
	await truncate(path.join(place.directory, 'a.raw'), 1_048_576);
	const known = 'known: [{id: blank, rows: [run], reason: nothing on it, until: 2999-12-31}]';
	await writeFile(path.join(place.directory, 'night.yaml'), `images: [a.raw]\n${known}\n`);
	t.is((await bootwright(['matrix', 'night.yaml', '--artifacts', 'night'], options)).exitCode, 0);
	const pageIn = async (directory: string): Promise<string> =>
		readFile(path.join(place.directory, directory, 'cells/a.gce.auto.all/report.html'), 'utf8');
	const page = await pageIn('night');
	t.regex(page, /"id":"blank","reason":"nothing on it"/v);
	t.is((await bootwright(['merge', 'night', '--artifacts', 'all'], options)).exitCode, 0);
	t.is(await pageIn('all'), page);
});
