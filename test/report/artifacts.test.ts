import {mkdir, readFile, readdir, readlink, stat, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import tmp from 'tmp-promise';
import {openArtifacts} from '../../harness/report/artifacts.ts';
import {exampleRun} from './example-run.ts';

const temporary = async (t: {teardown: (action: () => Promise<void>) => void}): Promise<string> => {
	const {path: directory, cleanup} = await tmp.dir({unsafeCleanup: true});
	t.teardown(cleanup);
	return directory;
};

test('events are on disk as soon as they are told; result and script follow; latest points there', async (t) => {
	const state = await temporary(t);
	using artifacts = await openArtifacts({image: '/images/my image.raw', env: {XDG_STATE_HOME: state}});
	const runs = path.join(state, 'bootwright/runs');
	t.is(path.dirname(artifacts.directory), runs);
	t.regex(path.basename(artifacts.directory), /^\d{8}T\d{6}Z-my_image$/);
	t.is(await readlink(path.join(runs, 'latest')), path.basename(artifacts.directory));
	t.is((await stat(artifacts.directory)).mode & 0o777, 0o700);

	for (const event of exampleRun) {
		artifacts.record(event);
	}

	const lines = (await readFile(path.join(artifacts.directory, 'events.jsonl'), 'utf8')).trimEnd().split('\n');
	t.deepEqual(
		lines,
		exampleRun.map((event) => JSON.stringify(event)),
	);

	await artifacts.writeResult('{}\n');
	await artifacts.writeScript('#!/bin/sh\n');
	await artifacts.keep('frames.pcapng', Buffer.from('frames'));
	t.is(await readFile(path.join(artifacts.directory, 'frames.pcapng'), 'utf8'), 'frames');
	t.deepEqual(
		new Set(await readdir(artifacts.directory)),
		new Set(['events.jsonl', 'frames.pcapng', 'qemu.sh', 'result.json']),
	);
	t.is((await stat(path.join(artifacts.directory, 'qemu.sh'))).mode & 0o777, 0o755);
});

test('what a scenario leaves lies in the directory, whatever it names; what cannot be written is the host’s fault', async (t) => {
	const directory = await temporary(t);
	using artifacts = await openArtifacts({directory, image: 'a.raw', env: {}});
	await artifacts.keep('../../outside', Buffer.from('x'));
	t.true((await readdir(artifacts.directory)).includes('outside'));
	await mkdir(path.join(artifacts.directory, 'taken'));
	const error = await t.throwsAsync(artifacts.keep('taken', Buffer.from('x')), {name: 'HostError'});
	t.regex(error.message, /^Cannot write .*\/taken: EISDIR/v);
});

test('two runs in one second get a directory each', async (t) => {
	const directory = await temporary(t);
	using first = await openArtifacts({directory, image: 'a.raw', env: {}});
	using second = await openArtifacts({directory, image: 'a.raw', env: {}});
	t.not(first.directory, second.directory);
	t.is(await readlink(path.join(directory, 'latest')), path.basename(second.directory));
});

test('many runs of one image that start at once get a directory each', async (t) => {
	const directory = await temporary(t);
	const runs = await Promise.all(
		Array.from({length: 20}, async () => openArtifacts({directory, image: 'a.raw', env: {}})),
	);
	t.is(new Set(runs.map((run) => run.directory)).size, 20);
	for (const run of runs) {
		run[Symbol.dispose]();
	}

	const names = await readdir(directory);
	t.is(names.length, 21, names.join(' '));
	t.true(names.includes(await readlink(path.join(directory, 'latest'))));
});

test('only the newest 20 finished runs stay in the default place', async (t) => {
	const state = await temporary(t);
	const runs = path.join(state, 'bootwright/runs');
	for (let day = 1; day <= 25; day++) {
		const directory = path.join(runs, `202001${String(day).padStart(2, '0')}T000000Z-old`);
		await mkdir(directory, {recursive: true});
		if (day !== 2) {
			await writeFile(path.join(directory, 'result.json'), '{}');
		}
	}

	await mkdir(path.join(runs, 'notes'));
	using artifacts = await openArtifacts({image: 'a.raw', env: {XDG_STATE_HOME: state}});
	const left = await readdir(runs);
	t.is(left.filter((name) => name.endsWith('-old')).length, 19 + 1, 'the newest 20, and the one without a result');
	t.true(left.includes('20200102T000000Z-old'));
	t.false(left.includes('20200101T000000Z-old'));
	t.true(left.includes('notes'));
	t.true(left.includes(path.basename(artifacts.directory)));
});

test('a given directory that cannot be one is a usage error, nothing in it is ever removed', async (t) => {
	const directory = await temporary(t);
	const file = path.join(directory, 'file');
	await writeFile(file, '');
	const error = await t.throwsAsync(openArtifacts({directory: file, image: 'a.raw', env: {}}), {name: 'UsageError'});
	t.is(error.message.split(': ')[0], `Cannot make a directory for artifacts below ${file}`);
});
