import {readFile, readdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {bootwright, openPlace} from '../e2e/_program.ts';

test('no report is written over an image, or over what it is judged by', async (t) => {
	await using place = await openPlace();
	const image = path.join(place.directory, 'a.raw');
	const matrix = path.join(place.directory, 'matrix.yaml');
	await writeFile(image, 'the image');
	await writeFile(matrix, 'images: [a.raw]\n');
	const refused = async (args: readonly string[], option: string, file: string) => {
		const {exitCode, stderr} = await bootwright(args, {env: place.env, cwd: place.directory});
		t.is(exitCode, 2);
		t.is(stderr, `bootwright: ${option} ${file} would be written over ${path.basename(file)}`);
	};

	await refused(['test', 'a.raw', '--json', image], '--json', image);
	await refused(['test', '--kernel', 'a.raw', '--html', image], '--html', image);
	await refused(['test', 'b.raw', '--config', 'a.raw', '--tap', image], '--tap', image);
	await refused(['matrix', 'matrix.yaml', '--junit', image], '--junit', image);
	await refused(['matrix', 'matrix.yaml', '--json', matrix], '--json', matrix);
	t.is(await readFile(image, 'utf8'), 'the image');
});

test('a report may be put into the directory of artifacts that is not there yet', async (t) => {
	await using place = await openPlace();
	const args = ['test', 'nobody.raw', '--artifacts', 'runs', '--junit', 'runs/junit.xml'];
	const {exitCode, stderr} = await bootwright(args, {...place, cwd: place.directory});
	t.is(exitCode, 2);
	// What is wrong comes after the look at the reports, and nothing was made for them.
	t.regex(stderr, /nobody\.raw/v);
	t.notRegex(stderr, /junit/v);
	t.false((await readdir(place.directory)).includes('runs'));
});

test('what would tell of one round, or of none, does not go with --repeat', async (t) => {
	await using place = await openPlace();
	const refused = async (args: readonly string[], message: string, code = 2) => {
		const {exitCode, stderr} = await bootwright(['test', 'a.raw', ...args], {env: place.env, cwd: place.directory});
		t.is(exitCode, code);
		t.is(stderr, `bootwright: ${message}`);
	};

	await refused(
		['--repeat', '3', '--junit', 'junit.xml'],
		`--junit tells of one round, and --repeat 3 makes several
  Each round leaves its events among its artifacts: bootwright report DIR --junit FILE`,
	);
	await refused(['--dry-run', '--repeat', '3'], '--dry-run judges nothing: it does not go with --repeat');
	await refused(['--dry-run', '--watch'], '--dry-run judges nothing: it does not go with --watch');
	// Not 2, which "git bisect run" takes for a bad commit.
	await refused(['--dry-run', '--bisect'], '--dry-run judges nothing: it does not go with --bisect', 125);
});
