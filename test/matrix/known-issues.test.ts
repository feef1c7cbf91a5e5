import {readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {dir} from 'tmp-promise';
import {type RunEvent} from '../../harness/core/events.ts';
import {cellsOf} from '../../harness/matrix/cells.ts';
import {goneIssues, missingOutcome, outcomeOf} from '../../harness/matrix/outcome.ts';
import {writeCellPages} from '../../harness/matrix/report/cell-pages.ts';
import {cellLine, gridLines} from '../../harness/matrix/report/grid-lines.ts';
import {cellPage, matrixHtml} from '../../harness/matrix/report/matrix-html.ts';
import {matrixJson, runsOf} from '../../harness/matrix/report/matrix-json.ts';
import {matrixMarkdown} from '../../harness/matrix/report/matrix-markdown.ts';
import {matrixResultSchema} from '../../harness/matrix/report/matrix-schema.ts';
import {codeQualityOf} from '../../harness/report/files/code-quality.ts';
import {junitOf} from '../../harness/report/files/junit.ts';
import {tapOf} from '../../harness/report/files/tap.ts';
import {layoutOf} from '../../harness/report/layout.ts';
import {judged, passed, start} from '../report/example-run.ts';
import {leaveCell, matrixOf, recordOf} from './_matrix.ts';

const matrix = matrixOf(`images: [ref:a]
known:
  - {id: panics, rows: [run], reason: no driver yet, link: 'https://tracker.test/1?a=b|c', until: 2026-11-30}
  - {id: slow, rows: [hw.*], reason: an old driver, until: 2026-11-30}`);
const [cell] = cellsOf(matrix);
const layout = layoutOf({width: 200, color: false});
const at = start().at;
const begun = start({requirements: ['hw.a', 'kernel.b']});
const ended: RunEvent = {type: 'run-finished', at, durationMs: 1, exitCode: 0};
const panic: RunEvent = {type: 'guest-failed', at, failure: 'panic', message: 'it panicked', hint: undefined};
const failing = [begun, judged('hw.a', {verdict: 'fail', reason: 'wrong', evidence: []}), passed('kernel.b'), ended];

const outcomeAt = async (t: ExecutionContext, events: readonly RunEvent[], today: string) => {
	const {path: directory, cleanup} = await dir({unsafeCleanup: true, prefix: 'bootwright-test-'});
	t.teardown(cleanup);
	const record = await leaveCell(directory, recordOf(cell!, {exitCode: 3}), events);
	return outcomeOf(record, {directory, known: matrix.known, today});
};

/** Without what is wrapped, and where. */
const reportsOf = (outcome: Awaited<ReturnType<typeof outcomeAt>>) => {
	const outcomes = [outcome];
	const given = {gone: [], folder: '/'};
	return {
		terminal: cellLine(outcome, layout, {kept: false}) + gridLines(outcomes, {layout, gone: []}),
		junit: junitOf(runsOf(outcomes)),
		tap: tapOf(runsOf(outcomes)),
		markdown: matrixMarkdown(outcomes, given),
		html: matrixHtml(outcomes, given),
		json: matrixJson(outcomes, given),
	};
};

test('that a guest is known not to come up is told in every report, with reason and link', async (t) => {
	const reports = reportsOf(await outcomeAt(t, [begun, panic, ended], '2026-11-30'));
	for (const [name, report] of Object.entries(reports)) {
		t.regex(report, /panics/v, name);
		t.regex(report, /2026-11-30/v, name);
		t.regex(report, /no driver yet/v, name);
		t.regex(report, /https:\/\/tracker\.test\/1\?a=b(?:\||%7C|\\\|)c/v, name);
		t.notRegex(report, /which is over|counts again/v, name);
	}

	t.regex(reports.terminal, /known issue panics \(until 2026-11-30\): no driver yet .*: a\.gce\.auto\.all \(run\)$/mv);
	t.regex(reports.junit, /tests="3" failures="0" errors="0" skipped="3"/v);
	t.regex(
		reports.tap,
		/^ {4}ok 1 - run · Whether .* # SKIP known as panics until 2026-11-30 \(no driver yet, .*\): it panicked$/mv,
	);
	t.notRegex(reports.junit + reports.tap, /The guest came up/v);
	const {known, cells} = matrixResultSchema.parse(JSON.parse(reports.json));
	t.deepEqual(known, [
		{
			id: 'panics',
			reason: 'no driver yet',
			link: 'https://tracker.test/1?a=b|c',
			until: '2026-11-30',
			expired: false,
			places: [{cell: cell!.id, rows: ['run']}],
		},
	]);
	t.like(cells[0], {state: 'skip', known: ['panics'], reason: '0 passed, known: panics'});
});

test('so is that it was, when its day is over', async (t) => {
	const outcome = await outcomeAt(t, [begun, panic, ended], '2026-12-01');
	const reports = {...reportsOf(outcome), codequality: codeQualityOf(runsOf([outcome]))};
	t.is(outcome.exitCode, 3);
	for (const [name, report] of Object.entries(reports)) {
		t.regex(report, /panics/v, name);
		t.regex(report, /no driver yet/v, name);
		t.regex(report, /it panicked/v, name);
		t.regex(report, /which is over|"expired": true/v, name);
	}

	t.regex(reports.junit, /failures="1" errors="0" skipped="2"/v);
	t.notRegex(reports.junit + reports.tap, /The guest came up/v);
});

test('a row: known, and known no more', async (t) => {
	const known = reportsOf(await outcomeAt(t, failing, '2026-11-30'));
	const over = reportsOf(await outcomeAt(t, failing, '2026-12-01'));
	for (const name of Object.keys(known) as ReadonlyArray<keyof typeof known>) {
		t.regex(known[name], /an old driver/v, name);
		t.notRegex(known[name], /which is over|"expired": true/v, name);
		t.regex(over[name], /an old driver/v, name);
		t.regex(over[name], /which is over|"expired": true/v, name);
	}

	t.regex(known.terminal, /known issue slow \(until 2026-11-30\): an old driver: a\.gce\.auto\.all \(hw\.a\)$/mv);
	t.regex(over.terminal, /hw\.a, known: slow until 2026-11-30, which is over$/mv);
});

test('nothing is struck off the list that nobody could see', async (t) => {
	const gone = async (...events: readonly RunEvent[]) =>
		goneIssues(matrix.known, [await outcomeAt(t, [begun, ...events, ended], '2026-11-27')]).map(({id}) => id);
	const skipped = judged('hw.a', {verdict: 'skip', reason: 'not seen here', evidence: []});
	// The guest did not come up, known or not: no row was seen.
	t.deepEqual(await gone(panic), []);
	t.deepEqual(await gone(skipped, passed('kernel.b')), ['panics']);
	t.deepEqual(await gone(passed('hw.a'), passed('kernel.b')), ['panics', 'slow']);
	// Its rows were not among those that were judged.
	const other = await outcomeAt(t, [start({requirements: ['kernel.b']}), passed('kernel.b'), ended], '2026-11-27');
	t.deepEqual(goneIssues(matrix.known.slice(1), [other]), []);
	// Not come up, and known by nobody.
	const [, slow] = matrix.known;
	t.deepEqual(goneIssues([slow!], [await outcomeAt(t, [begun, panic, ended], '2026-12-01')]), []);
});

test('the page of a cell in which it happened tells of it; no other page is written again', async (t) => {
	const pageOf = async (events: readonly RunEvent[], today = '2026-11-30'): Promise<string> => {
		const outcome = await outcomeAt(t, events, today);
		const page = path.join(outcome.place!, cellPage);
		await writeFile(page, 'as the run wrote it');
		await writeCellPages([outcome, missingOutcome(cell!, 'nobody has run it')]);
		return readFile(page, 'utf8');
	};

	const page = await pageOf(failing);
	t.regex(
		page,
		/"id":"slow","reason":"an old driver","link":"","until":"2026-11-30","expired":false,"rows":\["hw\.a"\]/v,
	);
	t.regex(page, /"name":"a\.gce\.auto\.all","isGreen":true/v);
	t.regex(await pageOf(failing, '2026-12-01'), /"isGreen":false.*"id":"slow",.*"expired":true/v);
	t.regex(await pageOf([begun, panic, ended]), /"id":"panics",.*"rows":\["run"\]/v);
	t.is(await pageOf([begun, passed('hw.a'), passed('kernel.b'), ended]), 'as the run wrote it');
});
