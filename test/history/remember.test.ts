import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {historyFile} from '../../harness/history/history-file.ts';
import {newestRuns} from '../../harness/history/read-runs.ts';
import {remember} from '../../harness/history/remember.ts';
import {type RunEvent} from '../../harness/core/events.ts';
import {exampleRun} from '../report/example-run.ts';
import {openState} from './_history.ts';

/** The text of the only event, which is a note. */
const noteOf = (events: readonly RunEvent[]): string => {
	const [event, ...more] = events;
	return event?.type === 'note' && more.length === 0 ? event.text : JSON.stringify(events);
};

test('a run that is all but over is kept, and compared with those before it', async (t) => {
	const env = await openState(t);
	const [event, ...more] = remember(exampleRun.slice(0, -1), {kernel: undefined, env});
	t.deepEqual(more, []);
	t.like(event, {type: 'compared', compared: {since: null, trends: []}});
	t.like(newestRuns(env, {})[0], {image: 'image.raw', cell: null, exitCode: 1});
	remember(exampleRun.slice(0, -1), {kernel: undefined, env: {...env, BOOTWRIGHT_CELL: 'a.gce.auto.all'}});
	t.is(newestRuns(env, {}).length, 1, 'a run is in it once');
});

test('a history that is broken is a note with what to do, and no error', async (t) => {
	const env = await openState(t);
	remember(exampleRun, {kernel: undefined, env});
	await writeFile(historyFile(env), 'x'.repeat(8192));
	t.is(
		noteOf(remember(exampleRun, {kernel: undefined, env})),
		`This run is not in the history. The history ${historyFile(env)} cannot be used: file is not a database. Free its disk or mend its permissions; where it is broken, delete it: the next run begins a new one.`,
	);
});

test('no place for a history', async (t) => {
	const {XDG_STATE_HOME: directory} = await openState(t);
	const file = path.join(directory, 'file');
	await writeFile(file, '');
	t.true(
		noteOf(remember(exampleRun, {kernel: undefined, env: {XDG_STATE_HOME: file}})).startsWith(
			`This run is not in the history. The history ${file}/bootwright/history.sqlite cannot be used: ENOTDIR: `,
		),
	);
});

// Node's own recursive mkdir never comes back from there.
test('a state directory in /proc is a note, and no hang', async (t) => {
	const {XDG_STATE_HOME: directory} = await openState(t);
	const script = path.join(directory, 'script.ts');
	const module = (file: string) => JSON.stringify(path.resolve(import.meta.dirname, file));
	await writeFile(
		script,
		`import {remember} from ${module('../../harness/history/remember.ts')};
		import {exampleRun} from ${module('../report/example-run.ts')};
		console.log(JSON.stringify(remember(exampleRun, {env: {XDG_STATE_HOME: '/proc'}})));`,
	);
	const {stdout} = await execa(process.execPath, [script], {timeout: 20_000});
	t.is(
		noteOf(JSON.parse(stdout) as readonly RunEvent[]),
		"This run is not in the history. The history /proc/bootwright/history.sqlite cannot be used: ENOENT: no such file or directory, mkdir '/proc/bootwright'. Free its disk or mend its permissions; where it is broken, delete it: the next run begins a new one.",
	);
});
