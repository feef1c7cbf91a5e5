import {mkdir, rename, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {dir} from 'tmp-promise';
import {UsageError} from '../../harness/core/errors.ts';
import {openArtifacts} from '../../harness/report/artifacts.ts';
import {readResult} from '../../harness/report/read-result.ts';
import {resultOf, resultText} from '../../harness/report/result.ts';
import {exampleRun, start} from './example-run.ts';

const openState = async (t: ExecutionContext): Promise<string> => {
	const {path: state, cleanup} = await dir({unsafeCleanup: true});
	t.teardown(cleanup);
	return state;
};

/** A run of the default place, of an image by whose name it is known. */
const leaveRun = async (image: string, env: {readonly XDG_STATE_HOME: string}): Promise<string> => {
	using artifacts = await openArtifacts({image, env});
	const events = [start({image: {path: image, bytes: 1, sha256: undefined}}), ...exampleRun.slice(1)];
	for (const event of events) {
		artifacts.record(event);
	}

	await artifacts.writeResult(resultText(events));
	return artifacts.directory;
};

test('a directory, its log, its result, and a directory that has the result alone are the same run', async (t) => {
	const env = {XDG_STATE_HOME: await openState(t)};
	const directory = await leaveRun('image.raw', env);
	const expected = resultOf(exampleRun).requirements;
	for (const place of ['', 'events.jsonl', 'result.json']) {
		t.deepEqual((await readResult(path.join(directory, place), env)).requirements, expected);
	}

	await rename(path.join(directory, 'events.jsonl'), path.join(directory, 'gone'));
	t.deepEqual((await readResult(directory, env)).requirements, expected);
});

test('names below the state directory: latest, so many before it, and its own', async (t) => {
	const env = {XDG_STATE_HOME: await openState(t)};
	const runs = path.join(env.XDG_STATE_HOME, 'bootwright/runs');
	const first = await leaveRun('first.raw', env);
	await rename(first, path.join(runs, '20260101T000000Z-first'));
	await leaveRun('second.raw', env);
	for (const [place, image] of [
		['latest', 'second.raw'],
		['latest~0', 'second.raw'],
		['latest~1', 'first.raw'],
		[`${runs}/latest~1`, 'first.raw'],
		['20260101T000000Z-first', 'first.raw'],
	] as const) {
		t.is((await readResult(place, env)).image.path, image);
	}
});

test('no run', async (t) => {
	const state = await openState(t);
	const env = {XDG_STATE_HOME: state};
	const hint = `Give the directory of a run, its result.json, or a name in ${state}/bootwright/runs: latest, latest~1 …`;
	for (const place of ['latest', 'latest~1', '/nowhere']) {
		const error = await t.throwsAsync(readResult(place, env), {
			instanceOf: UsageError,
			message: `There is no run ${place}`,
		});
		t.is(error.hint, hint);
	}

	await mkdir(path.join(state, 'empty'));
	await t.throwsAsync(readResult(path.join(state, 'empty'), env), {message: /^Cannot read .*events\.jsonl: ENOENT/v});
	await writeFile(path.join(state, 'a.json'), '{"schema": 2}');
	await t.throwsAsync(readResult(path.join(state, 'a.json'), env), {
		instanceOf: UsageError,
		message: /a\.json is no result of this version: .*schema/v,
	});
	await writeFile(path.join(state, 'b.json'), '{');
	await t.throwsAsync(readResult(path.join(state, 'b.json'), env), {instanceOf: UsageError});
});
