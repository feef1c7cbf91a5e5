import {existsSync} from 'node:fs';
import {readdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {acquireLock} from '../../harness/image/build/lock.ts';
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
