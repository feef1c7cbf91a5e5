import {readdir} from 'node:fs/promises';
import test from 'ava';
import {bootwright, openPlace} from '../e2e/_program.ts';

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
