import {existsSync, statSync, writeFileSync} from 'node:fs';
import {mkdir, readFile, readdir, truncate, writeFile} from 'node:fs/promises';
import path from 'node:path';
import type {DatabaseSync} from 'node:sqlite';
import {setTimeout} from 'node:timers/promises';
import test from 'ava';
import {execa} from 'execa';
import {HostError} from '../../harness/core/errors.ts';
import {appendRun, insertRun} from '../../harness/history/append-run.ts';
import {historyFile, writeHistory} from '../../harness/history/history-file.ts';
import {newestRuns} from '../../harness/history/read-runs.ts';
import {type State, openState, runNumber} from './_history.ts';

const root = path.resolve(import.meta.dirname, '../..');

test('it is for its owner alone, in the state directory, and nothing else stays there', async (t) => {
	const env = await openState(t);
	t.deepEqual(newestRuns(env, {}), []);
	// Who only looks makes nothing.
	t.deepEqual(await readdir(env.XDG_STATE_HOME), []);
	const modes = writeHistory(env, (database) => {
		t.is(database.prepare('PRAGMA journal_mode').get()?.['journal_mode'], 'wal');
		database.exec("INSERT INTO phases SELECT id, 'firmware', 1 FROM runs");
		const names = ['history.sqlite', 'history.sqlite-shm', 'history.sqlite-wal'];
		return names.map((name) => statSync(path.join(env.XDG_STATE_HOME, 'bootwright', name)).mode & 0o777);
	});
	t.deepEqual(modes, [0o600, 0o600, 0o600]);
	t.deepEqual(await readdir(path.join(env.XDG_STATE_HOME, 'bootwright')), ['history.sqlite']);
});

test('a history of a newer version is refused, and left as it is', async (t) => {
	const env = await openState(t);
	writeHistory(env, (database) => database.exec('PRAGMA user_version = 3'));
	const before = await readFile(historyFile(env));
	const expected = {
		instanceOf: HostError,
		message: `The history ${historyFile(env)} was made by a newer Bootwright: its schema is 3, and this version knows 2`,
	};
	t.is(
		t.throws(() => appendRun(runNumber(1), env), expected).hint,
		'Use that version, or keep another history with XDG_STATE_HOME=DIR.',
	);
	t.throws(() => newestRuns(env, {}), expected);
	t.deepEqual(await readFile(historyFile(env)), before);
});

for (const [how, spoil, message] of [
	['cut short', async (file: string) => truncate(file, 5000), /^The history .* cannot be used: .*malformed/v],
	[
		'other bytes',
		async (file: string) => writeFile(file, 'x'.repeat(8192)),
		/cannot be used: file is not a database$/v,
	],
	['empty', async (file: string) => truncate(file, 0), /history\.sqlite is no history of Bootwright$/v],
] as const) {
	test(`a history that is broken is said to be: ${how}`, async (t) => {
		const env = await openState(t);
		for (let index = 0; index < 20; index++) {
			appendRun(runNumber(index), env);
		}

		await spoil(historyFile(env));
		t.throws(() => appendRun(runNumber(20), env), {instanceOf: HostError, message});
		t.throws(() => newestRuns(env, {}), {instanceOf: HostError, message});
	});
}

test('a folder where the history should be', async (t) => {
	const env = await openState(t);
	await mkdir(historyFile(env), {recursive: true});
	t.throws(() => appendRun(runNumber(1), env), {instanceOf: HostError, message: /unable to open database file$/v});
});

/** Appends runs where a file system is mounted, in a mount namespace of its own. */
const appendOn = async (directory: string, mount: string) => {
	const script = path.join(directory, 'script.ts');
	await writeFile(
		script,
		`import {appendRun} from ${JSON.stringify(path.join(root, 'harness/history/append-run.ts'))};
		import {newestRuns} from ${JSON.stringify(path.join(root, 'harness/history/read-runs.ts'))};
		import {runNumber} from ${JSON.stringify(path.join(root, 'test/history/_history.ts'))};
		let kept = 0;
		try {
			for (; kept < 2000; kept++) appendRun(runNumber(kept), process.env);
		} catch (error) {
			console.log(error.name, error.message);
		}
		try {
			console.log(newestRuns(process.env, {limit: 3000}).length - kept);
		} catch (error) {
			console.log(error.name);
		}`,
	);
	const {stdout} = await execa(
		'unshare',
		['-rm', 'sh', '-c', `${mount} && exec $1 $0/script.ts`, directory, process.execPath],
		{
			env: {XDG_STATE_HOME: path.join(directory, 'small')},
		},
	);
	return stdout;
};

test('a full disk: what was kept stays, and the message names it', async (t) => {
	const {XDG_STATE_HOME: directory} = await openState(t);
	t.is(
		await appendOn(directory, 'mkdir $0/small && mount -t tmpfs -o size=400k none $0/small'),
		`HostError The history ${directory}/small/bootwright/history.sqlite cannot be used: database or disk is full\n0`,
	);
});

const readOnly = 'mount --bind $0/small $0/small && mount -o remount,ro,bind $0/small';

test('a directory that cannot be written', async (t) => {
	const {XDG_STATE_HOME: directory} = await openState(t);
	const said = await appendOn(directory, `mkdir -p $0/small/bootwright && ${readOnly}`);
	t.regex(said, /^HostError The history .* cannot be used: EROFS: read-only file system, open '.*'\n0$/v);
});

// SQLite keeps a file of shared memory beside it, also for who only reads (sqlite.org/wal.html, "Read-Only Databases").
test('a history on a file system that cannot be written is of no use', async (t) => {
	const {XDG_STATE_HOME: directory} = await openState(t);
	appendRun(runNumber(1), {XDG_STATE_HOME: path.join(directory, 'small')});
	t.is(
		await appendOn(directory, readOnly),
		`HostError The history ${directory}/small/bootwright/history.sqlite cannot be used: unable to open database file\nHostError`,
	);
});

const pause = (ms: number): unknown => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

test('nobody writes between what a run reads and what it writes, and whoever wants to waits', async (t) => {
	const env = await openState(t);
	appendRun(runNumber(1), env);
	const [ready, go] = ['ready', 'go'].map((name) => path.join(env.XDG_STATE_HOME, name)) as [string, string];
	const script = `
		import {existsSync, writeFileSync} from 'node:fs';
		import {appendRun} from ${JSON.stringify(path.join(root, 'harness/history/append-run.ts'))};
		import {runNumber} from ${JSON.stringify(path.join(root, 'test/history/_history.ts'))};
		writeFileSync(${JSON.stringify(ready)}, '');
		while (!existsSync(${JSON.stringify(go)})) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
		appendRun(runNumber(2), process.env);`;
	const other = execa(process.execPath, ['--input-type=module', '-e', script], {env});
	while (!existsSync(ready)) {
		await setTimeout(10);
	}

	const count = (database: DatabaseSync): unknown =>
		database.prepare('SELECT count(*) AS runs FROM runs').get()?.['runs'];
	const counts = writeHistory(env, (database) => {
		const before = count(database);
		writeFileSync(go, '');
		// Whoever could write now would have done so by the end of it.
		pause(1000);
		insertRun(database, runNumber(3));
		return [before, count(database)];
	});
	await other;
	t.deepEqual(counts, [1, 2]);
	t.is(newestRuns(env, {}).length, 3);
});

test('what an older version made is brought to this one, by whoever reads or writes it first', async (t) => {
	for (const use of [(env: State) => newestRuns(env, {}), (env: State) => appendRun(runNumber(1), env)]) {
		const env = await openState(t);
		appendRun(runNumber(1), env);
		writeHistory(env, (database) => database.exec('ALTER TABLE runs DROP COLUMN cell; PRAGMA user_version = 1'));
		use(env);
		t.deepEqual(newestRuns(env, {}), [runNumber(1, {cell: null})]);
		appendRun(runNumber(2, {cell: 'probe.gce.auto.all'}), env);
		t.is(newestRuns(env, {})[0]?.cell, 'probe.gce.auto.all');
	}
});

test('a transaction that throws leaves nothing', async (t) => {
	const env = await openState(t);
	t.throws(
		() =>
			writeHistory(env, (database) => {
				insertRun(database, runNumber(1));
				throw new Error('in the middle');
			}),
		{instanceOf: HostError, message: /in the middle$/v},
	);
	t.deepEqual(newestRuns(env, {}), []);
});
