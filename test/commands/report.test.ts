import {mkdir, readFile, rename, rm, symlink, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {writeReportFiles} from '../../harness/report/files/report-files.ts';
import {bootwright, openPlace} from '../e2e/_program.ts';
import {passed, start} from '../report/example-run.ts';

test('the page of "report" is the one that the run wrote, whatever way its directory is named, and wherever it lies now', async (t) => {
	await using place = await openPlace();
	const artifacts = path.join(place.directory, 'runs/20260102T030405Z-image');
	await mkdir(artifacts, {recursive: true});
	const events = [
		start({requirements: ['hw.a'], artifacts}),
		passed('hw.a'),
		{type: 'run-finished', at: start().at, durationMs: 1, exitCode: 0},
	] as const;
	await writeFile(path.join(artifacts, 'events.jsonl'), events.map((event) => `${JSON.stringify(event)}\n`).join(''));
	await writeFile(path.join(artifacts, 'console-ttyS0.log'), 'Linux version 6.1\r\n');
	await symlink(path.basename(artifacts), path.join(place.directory, 'runs/latest'));
	await writeReportFiles({html: path.join(place.directory, 'own.html')}, [events]);
	const own = await readFile(path.join(place.directory, 'own.html'), 'utf8');
	t.true(own.includes('"file":"console-ttyS0.log"'));
	for (const named of [artifacts, 'runs/20260102T030405Z-image', 'runs/latest/', 'runs/latest/events.jsonl']) {
		const options = {...place, cwd: place.directory};
		t.is((await bootwright(['report', named, '--html', 'again.html'], options)).exitCode, 0);
		t.is(await readFile(path.join(place.directory, 'again.html'), 'utf8'), own, named);
	}

	// Moved, and without its consoles.
	const page = async (run: string): Promise<string> => {
		await bootwright(['report', run, '--html', 'again.html'], {...place, cwd: place.directory});
		return readFile(path.join(place.directory, 'again.html'), 'utf8');
	};

	await rename(artifacts, path.join(place.directory, 'moved'));
	t.is(await page('moved'), own);
	await rm(path.join(place.directory, 'moved/console-ttyS0.log'));
	const bare = await page('moved');
	await rename(path.join(place.directory, 'moved'), artifacts);
	t.is(await page(artifacts), bare);
});

test('no report takes the place of what it is made of', async (t) => {
	await using place = await openPlace();
	const options = {...place, cwd: place.directory};
	await mkdir(path.join(place.directory, 'run/copies/net'), {recursive: true});
	const files = ['events.jsonl', 'console-ttyS0.log', 'console-ttyS0.timing', 'copies/net/console-ttyS1.log'];
	const end = {type: 'run-finished', at: start().at, durationMs: 1, exitCode: 0};
	const log = [start({requirements: ['hw.a']}), passed('hw.a'), end];
	const text = log.map((event) => `${JSON.stringify(event)}\n`).join('');
	for (const file of files) {
		await writeFile(path.join(place.directory, 'run', file), text);
	}

	for (const file of files) {
		for (const run of ['run', 'run/events.jsonl']) {
			const {exitCode, stdout, stderr} = await bootwright(['report', run, '--json', `run/${file}`], options);
			t.deepEqual([exitCode, stdout], [2, '']);
			t.regex(stderr, /^bootwright: --json run\/.* would be written over .*run\/.*$/v);
			t.is(await readFile(path.join(place.directory, 'run', file), 'utf8'), text);
		}
	}

	const two = await bootwright(['report', 'run', '--html', 'run/x', '--junit', 'run/x'], options);
	t.is(two.exitCode, 2);
	t.is(
		two.stderr,
		'bootwright: --junit run/x and --html run/x would be one file\n  Give each report a file of its own.',
	);
	t.like(await bootwright(['report', 'run', '--html', 'run/report.html'], options), {exitCode: 0, stderr: ''});
});
