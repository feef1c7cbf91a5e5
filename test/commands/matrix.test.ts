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
