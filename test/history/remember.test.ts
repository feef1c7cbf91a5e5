import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {historyFile} from '../../harness/history/history-file.ts';
import {newestRuns} from '../../harness/history/read-runs.ts';
import {remember} from '../../harness/history/remember.ts';
import {exampleRun} from '../report/example-run.ts';
import {openState} from './_history.ts';

test('a run that is all but over is kept, and there is nothing to note', async (t) => {
	const env = await openState(t);
	t.is(remember(exampleRun.slice(0, -1), {kernel: undefined, env}), undefined);
	t.like(newestRuns(env, {})[0], {image: 'image.raw', exitCode: 1});
});

test('a history that is broken is a note with what to do, and no error', async (t) => {
	const env = await openState(t);
	remember(exampleRun, {kernel: undefined, env});
	await writeFile(historyFile(env), 'x'.repeat(8192));
	t.is(
		remember(exampleRun, {kernel: undefined, env}),
		`This run is not in the history. The history ${historyFile(env)} cannot be used: file is not a database. Free its disk or mend its permissions; where it is broken, delete it: the next run begins a new one.`,
	);
});

test('no place for a history', async (t) => {
	const {XDG_STATE_HOME: directory} = await openState(t);
	const file = path.join(directory, 'file');
	await writeFile(file, '');
	t.true(
		remember(exampleRun, {kernel: undefined, env: {XDG_STATE_HOME: file}})?.startsWith(
			`This run is not in the history. The history ${file}/bootwright/history.sqlite cannot be used: ENOTDIR: `,
		),
	);
});
