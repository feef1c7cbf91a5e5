import {readFile, readdir, rm, symlink, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {dir} from 'tmp-promise';
import {UsageError} from '../../harness/core/errors.ts';
import {type RunEvent} from '../../harness/core/events.ts';
import {cellsOf} from '../../harness/matrix/cells.ts';
import {openMatrixFolder} from '../../harness/matrix/matrix-folder.ts';
import {mergeShards} from '../../harness/matrix/merge.ts';
import {stateOf} from '../../harness/matrix/report/cell-state.ts';
import {gridLines} from '../../harness/matrix/report/grid-lines.ts';
import {matrixJson, runsOf} from '../../harness/matrix/report/matrix-json.ts';
import {matrixHtml} from '../../harness/matrix/report/matrix-html.ts';
import {matrixMarkdown} from '../../harness/matrix/report/matrix-markdown.ts';
import {cellDirectory} from '../../harness/matrix/records.ts';
import {type Durations, type Shard, cellsOfShard, durationsDigest} from '../../harness/matrix/shard.ts';
import {junitOf} from '../../harness/report/files/junit.ts';
import {tapOf} from '../../harness/report/files/tap.ts';
import {layoutOf} from '../../harness/report/layout.ts';
import {judged, passed, start} from '../report/example-run.ts';
import {compared} from './_compared.ts';
import {leaveCell, matrixOf, recordOf} from './_matrix.ts';

const matrix = matrixOf('images: [ref:a, ref:b, ref:c, ref:d]');
const cells = cellsOf(matrix);
const today = '2026-11-27';

const eventsOf = (id: string): readonly RunEvent[] => [
	start({requirements: ['hw.a'], image: {path: id, bytes: 1, sha256: undefined}}),
	id.startsWith('b') ? judged('hw.a', {verdict: 'fail', reason: '<script> | `x`', evidence: []}) : passed('hw.a'),
	// As the host that ran it had it in its history: where the shards are put together there is none.
	compared({rows: {newlyPassing: [{id: 'hw.a', before: id.startsWith('a') ? 'fail' : 'skip', after: 'pass'}]}}),
	{type: 'run-finished', at: start().at, durationMs: 1, exitCode: 0},
];

/** A directory as a matrix, or a shard of it, leaves it. */
const leave = async (t: ExecutionContext, shard?: Shard, durations: Durations = new Map()): Promise<string> => {
	const {path: directory, cleanup} = await dir({unsafeCleanup: true, prefix: 'bootwright-test-'});
	t.teardown(cleanup);
	await openMatrixFolder(directory, {
		version: '0.1.0',
		matrix,
		shard: shard === undefined ? null : `${shard.index}/${shard.count}`,
		durations: shard === undefined ? null : durationsDigest(cells, durations),
	});
	const own = shard === undefined ? cells : cellsOfShard(cells, {shard, durations});
	for (const cell of own) {
		await leaveCell(directory, recordOf(cell), eventsOf(cell.id));
	}

	return directory;
};

const reports = (outcomes: Awaited<ReturnType<typeof mergeShards>>['outcomes']): readonly string[] => [
	matrixJson(outcomes, {gone: []}),
	matrixMarkdown(outcomes, {gone: []}),
	gridLines(outcomes, {layout: layoutOf({width: 80, color: false}), gone: []}),
	junitOf(runsOf(outcomes)),
	tapOf(runsOf(outcomes)),
];

test('two shards merged are what one run of the whole matrix is', async (t) => {
	const whole = await mergeShards([await leave(t)], {today});
	const [one, two] = [await leave(t, {index: 1, count: 2}), await leave(t, {index: 2, count: 2})];
	const {path: to, cleanup} = await dir({unsafeCleanup: true, prefix: 'bootwright-test-'});
	t.teardown(cleanup);
	const merged = await mergeShards([two, one], {to, today});
	t.deepEqual(reports(merged.outcomes), reports(whole.outcomes));
	t.regex(reports(merged.outcomes)[2] ?? '', /4 cells have one\): 0 newly failing, 4 newly passing/v);
	t.deepEqual(merged.notes, []);
	t.true(merged.outcomes.every(({place}) => place?.startsWith(to)));
	// What was gathered is a matrix again.
	t.deepEqual(reports((await mergeShards([to], {today})).outcomes), reports(whole.outcomes));
	t.deepEqual(
		merged.outcomes.map(({exitCode}) => exitCode),
		[0, 1, 0, 0],
	);
});

test('a shard that is missing leaves errors, not gaps', async (t) => {
	const {outcomes} = await mergeShards([await leave(t, {index: 1, count: 2})], {today});
	t.is(outcomes.length, 4);
	const missing = outcomes.filter(({record}) => record === undefined);
	t.is(missing.length, 2);
	t.is(missing[0]?.exitCode, 4);
	t.is(missing[0]?.run.runFailure?.message, 'no shard has run it (there are 1/2)');
});

test('shards that were cut by different durations are told', async (t) => {
	const durations = new Map(cells.map(({id}, index) => [id, index === 0 ? 9000 : 1000]));
	const [one, two] = [await leave(t, {index: 1, count: 2}, durations), await leave(t, {index: 2, count: 2})];
	const {outcomes, notes} = await mergeShards([one, two], {today});
	t.is(
		notes[0],
		`${one} and ${two} were cut by different durations: cells may be in both, or in none; give --durations the same directory on every machine`,
	);
	const missing = outcomes.find(({record}) => record === undefined);
	t.is(missing?.run.runFailure?.message, 'no shard has run it (there are 1/2, 2/2, cut by different durations)');
	// All of it is cut by none.
	t.false((await mergeShards([one, await leave(t)], {today})).notes.some((note) => note.includes('durations')));
});

test('a cell that was run twice counts once: what was finished last', async (t) => {
	const [one, again] = [await leave(t), await leave(t)];
	const cell = cells[0]!;
	await leaveCell(again, recordOf(cell, {startedAt: 2000, exitCode: 1}), eventsOf('b'));
	for (const directories of [
		[one, again],
		[again, one],
	]) {
		const {outcomes, notes} = await mergeShards(directories, {today});
		t.is(outcomes.length, 4);
		t.is(outcomes[0]?.exitCode, 1);
		t.is(notes.length, 4);
	}
});

test('what does not belong together is refused', async (t) => {
	const one = await leave(t);
	const {path: other, cleanup} = await dir({unsafeCleanup: true, prefix: 'bootwright-test-'});
	t.teardown(cleanup);
	await t.throwsAsync(mergeShards([one, other], {today}), {instanceOf: UsageError, message: /matrix\.json: ENOENT/v});
	await openMatrixFolder(other, {version: '0.2.0', matrix, shard: null, durations: null});
	await t.throwsAsync(mergeShards([one, other], {today}), {
		instanceOf: UsageError,
		message: `${one} was judged by Bootwright 0.1.0, ${other} by 0.2.0`,
	});
	const {path: third, cleanup: away} = await dir({unsafeCleanup: true, prefix: 'bootwright-test-'});
	t.teardown(away);
	await openMatrixFolder(third, {version: '0.1.0', matrix: matrixOf('images: [ref:a]'), shard: null, durations: null});
	await t.throwsAsync(mergeShards([one, third], {today}), {message: /do not hold the same matrix/v});
});

test('a cell that left what cannot be read is an error, and the others keep their reports', async (t) => {
	const directory = await leave(t);
	const place = cellDirectory(directory, cells[0]!.id);
	const [log, record] = [path.join(place, 'run/events.jsonl'), path.join(place, 'cell.json')];
	const whole = await readFile(log, 'utf8');
	const mergedWith = async (change: () => Promise<void>): Promise<string> => {
		await change();
		const {outcomes} = await mergeShards([directory], {today});
		t.deepEqual(
			outcomes.map(({exitCode}) => exitCode),
			[4, 1, 0, 0],
		);
		t.is(stateOf(outcomes[0]!), 'error');
		const message = outcomes[0]!.run.runFailure?.message ?? '';
		const [json, markdown, , junit, tap] = reports(outcomes);
		t.true([json, markdown, junit, tap].every((report) => report?.includes('a.gce.auto.all')));
		return message;
	};

	t.regex(await mergedWith(async () => writeFile(log, whole.slice(0, -20))), /ends before the run does/v);
	t.regex(
		await mergedWith(async () => writeFile(log, whole.replace('requirement-judged', 'of-another-version'))),
		/^what it left cannot be read: .*events\.jsonl:2 is no event of this version/v,
	);
	t.regex(await mergedWith(async () => writeFile(log, `garbage\n${whole}`)), /events\.jsonl:1 is no event/v);
	t.regex(await mergedWith(async () => rm(log)), /^what it left cannot be read: Cannot read .*events\.jsonl/v);
	t.regex(
		await mergedWith(async () => writeFile(record, '')),
		/^what it left cannot be read: .*cell\.json is no record/v,
	);
});

test('a cell that another version has judged is an error, unless there is one of this version', async (t) => {
	const [one, again] = [await leave(t), await leave(t)];
	await leaveCell(one, recordOf(cells[0]!, {version: '0.1.0+01234567', startedAt: 2000}), eventsOf('a'));
	const {outcomes} = await mergeShards([one], {today});
	t.deepEqual(
		outcomes.map(({exitCode}) => exitCode),
		[4, 1, 0, 0],
	);
	const why =
		'it was judged by Bootwright 0.1.0+01234567, and its matrix is of 0.1.0: the command that made its directory, given again, runs it again';
	t.is(outcomes[0]!.run.runFailure?.message, why);

	const both = await mergeShards([one, again], {today});
	t.is(both.outcomes[0]?.exitCode, 0);
	t.is(both.notes.at(-1), `${cells[0]!.id} was run twice, and one of them does not count: ${why}`);
});

test('nothing is written outside of the target, whatever a cell calls itself', async (t) => {
	const directory = await leave(t);
	const {path: parent, cleanup} = await dir({unsafeCleanup: true, prefix: 'bootwright-test-'});
	t.teardown(cleanup);
	const to = path.join(parent, 'in/to');
	await writeFile(
		path.join(cellDirectory(directory, cells[0]!.id), 'cell.json'),
		JSON.stringify(recordOf({...cells[0]!, id: '../../../out/x'})),
	);
	// Nor is a cell gathered that the matrix has not.
	const [stranger] = cellsOf(matrixOf('images: [ref:stranger]'));
	await leaveCell(directory, recordOf(stranger!), eventsOf('a'));
	const {outcomes} = await mergeShards([directory], {to, today});
	t.is(outcomes[0]?.exitCode, 4);
	t.deepEqual(await readdir(parent), ['in']);
	t.deepEqual(new Set(await readdir(path.join(to, 'cells'))), new Set(cells.slice(1).map(({id}) => id)));
});

test('one directory named twice is refused, by whatever name; one shard in two directories is not', async (t) => {
	const shard = {index: 1, count: 2};
	const [one, again] = [await leave(t, shard), await leave(t, shard)];
	const link = path.join(again, 'link');
	await symlink(one, link);
	for (const other of [one, link, `${one}/.`]) {
		await t.throwsAsync(mergeShards([one, again, other], {today}), {
			instanceOf: UsageError,
			message: `${one} and ${other} are one directory`,
		});
	}

	t.is((await mergeShards([one, again], {today})).notes.length, 2);
});

test("a guest's words are text in the summary", async (t) => {
	const {outcomes} = await mergeShards([await leave(t)], {today});
	const markdown = matrixMarkdown(outcomes, {gone: []});
	t.false(markdown.includes('<script>'));
	t.regex(markdown, /\| ❌ b\.gce\.auto\.all \| hw\.a \|/v);
	t.regex(markdown, /^## ❌ 4 cells: 3 passed, 0 warned, 0 known, 1 failed, 0 errors$/mv);
});

test('the page leads to the pages of the cells, and a word of a guest or a file is text in it', async (t) => {
	const directory = await leave(t, {index: 1, count: 2});
	const {outcomes} = await mergeShards([directory], {today});
	const bad = outcomes.find(({cell}) => cell.id.startsWith('b'))!;
	const run = {
		...bad.run,
		runFailure: undefined,
		guestFailure: {type: 'guest-failed', at: 1, failure: 'panic', message: '<img src=x>', hint: undefined} as const,
	};
	const page = matrixHtml([...outcomes, {...bad, cell: {...bad.cell, id: 'x"><script>.gce.auto.all'}, run}], {
		gone: [],
		folder: path.dirname(directory),
	});
	t.false(/<script|<img/v.test(page));
	t.true(page.includes('&#60;img src=x&#62;'));
	const ran = outcomes.find(({record}) => record !== undefined);
	t.true(page.includes(`href="${path.basename(directory)}/cells/${ran?.cell.id ?? ''}/report.html"`), page);
	t.regex(page, /<span class="error">error<\/span>/v);
	// Each of them scrolls in itself; the page does not.
	t.is(page.match(/<table>/gv)?.length, 3);
	t.is(page.match(/<div class="scrolls"[^>]*><table>/gv)?.length, 3);
});
