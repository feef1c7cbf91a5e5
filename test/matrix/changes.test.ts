import {readFile} from 'node:fs/promises';
import {Ajv2020} from 'ajv/dist/2020.js';
import test from 'ava';
import {dir} from 'tmp-promise';
import {type RunEvent} from '../../harness/core/events.ts';
import {cellsOf} from '../../harness/matrix/cells.ts';
import {type Outcome, missingOutcome, outcomeOf} from '../../harness/matrix/outcome.ts';
import {changesOf} from '../../harness/matrix/report/changes.ts';
import {gridLines} from '../../harness/matrix/report/grid-lines.ts';
import {matrixHtml} from '../../harness/matrix/report/matrix-html.ts';
import {matrixJson} from '../../harness/matrix/report/matrix-json.ts';
import {matrixMarkdown} from '../../harness/matrix/report/matrix-markdown.ts';
import {matrixResultSchema} from '../../harness/matrix/report/matrix-schema.ts';
import {publishedSchemas} from '../../harness/matrix/report/published-schemas.ts';
import {layoutOf} from '../../harness/report/layout.ts';
import {judged, passed, start} from '../report/example-run.ts';
import {compared} from './_compared.ts';
import {leaveCell, matrixOf, recordOf} from './_matrix.ts';

const matrix = matrixOf(`images: [ref:a, ref:b]
known: [{id: old, match: {image: ref:b}, rows: [hw.a, run], reason: the driver is old, until: 2999-01-01}]`);
const [a, b] = cellsOf(matrix);

const outcome = async (cell = a!, events: readonly RunEvent[] = []): Promise<Outcome> => {
	const {path: directory, cleanup} = await dir({unsafeCleanup: true, prefix: 'bootwright-test-'});
	const record = recordOf(cell);
	const ended: RunEvent = {type: 'run-finished', at: start().at, durationMs: 1, exitCode: 0};
	await leaveCell(directory, record, [start({requirements: ['hw.a', 'hw.b']}), ...events, ended]);
	const seen = await outcomeOf(record, {directory, known: matrix.known, today: '2026-11-27'});
	await cleanup();
	return seen;
};

const failed = judged('hw.a', {verdict: 'fail', reason: 'wrong', evidence: []});
const broke = {newlyFailing: [{id: 'hw.a', before: 'pass', after: 'fail'}]} as const;
const noise = {runs: 12, median: 20_000, low: 18_000, high: 22_000};
const everything = compared({
	rows: {...broke, newlyPassing: [{id: 'hw.b', before: 'skip', after: 'pass'}]},
	flaky: [{id: 'hw.b', sha256: 'ab', bad: 3, runs: 20}],
	figures: [
		{kind: 'measurement', id: 'throughput.gro4 wall-ratio', before: 1.5, after: 0.5, noise: null, change: 'lower'},
		{kind: 'phase', id: 'access', before: 20_000, after: 31_000, noise, change: 'slower'},
	],
	trends: [
		{
			kind: 'phase',
			id: 'access',
			noise,
			points: [20, 21, 31].map((value, index) => ({at: start().at + index, value: value * 1000})),
		},
	],
});
const options = {layout: layoutOf({width: 200, color: false}), gone: []};

test('every report tells what changed since the earlier nights', async (t) => {
	const outcomes = [await outcome(a, [failed, passed('hw.b'), everything]), missingOutcome(b!, 'nobody')];
	const words = [
		'Since the earlier nights (1 cell has one): 1 newly failing, 1 newly passing, 1 flaky, 2 beyond noise',
		'✖ newly failing: a.gce.auto.all hw.a: pass → fail',
		'✔ newly passing: a.gce.auto.all hw.b: skip → pass',
		'⚠ flaky: a.gce.auto.all hw.b: bad in 3 of 20 runs (95 %: 5 to 36 %)',
		'⚠ slower: a.gce.auto.all access: 20 s → 31 s; the median of 12 is 20 s, noise from 18 s to 22 s',
		'⚠ lower: a.gce.auto.all throughput.gro4 wall-ratio: 1.50 → 0.500',
	];
	t.true(gridLines(outcomes, options).includes(`\n${words.join('\n')}\n\n`), gridLines(outcomes, options));
	const markdown = matrixMarkdown(outcomes, {gone: []});
	t.regex(markdown, /^\| ❌ newly failing \| a\.gce\.auto\.all \| hw\.a \| pass → fail \|$/mv);
	t.is(markdown.match(/^\| (?:❌|✅|⚠️) .* \| a\.gce/gmv)?.length, 5);
	const page = matrixHtml(outcomes, {gone: [], folder: '/'});
	t.regex(page, /<h2 id="changes">What changed<\/h2>\n<p>Since the earlier nights/v);
	t.regex(page, /<svg role="img"[^>]*><title>access after 31 s; 2 earlier runs from 20 s to 21 s<\/title><rect/v);
	const {changes} = matrixResultSchema.parse(JSON.parse(matrixJson(outcomes, {gone: []})));
	t.is(changes?.compared, 1);
	t.deepEqual(
		changes?.figures.map(({id}) => id),
		['access', 'throughput.gro4 wall-ratio'],
	);
	t.deepEqual(changes?.newlyFailing, [{id: 'hw.a', before: 'pass', after: 'fail', cell: 'a.gce.auto.all'}]);
});

test('what is known to fail is no news', async (t) => {
	const known = await outcome(b, [failed, passed('hw.b'), compared({rows: broke})]);
	t.deepEqual(changesOf([known])?.newlyFailing, []);
	const panic: RunEvent = {type: 'guest-failed', at: 1, failure: 'panic', message: 'panicked', hint: undefined};
	const dead = compared({rows: {newlyFailing: [{id: 'run', before: 'pass', after: 'fail'}]}});
	t.deepEqual(changesOf([await outcome(b, [panic, dead])])?.newlyFailing, []);
	t.is(changesOf([await outcome(a, [panic, dead])])?.newlyFailing[0]?.id, 'run');
	t.regex(
		gridLines([await outcome(a, [panic, dead])], options),
		/newly failing: a\.gce\.auto\.all the guest comes up/v,
	);
});

test('without a history, or before the first night is over, nothing is said', async (t) => {
	for (const events of [[], [compared({since: null})]]) {
		const outcomes = [await outcome(a, [passed('hw.a'), passed('hw.b'), ...events])];
		t.is(changesOf(outcomes), undefined);
		t.false(gridLines(outcomes, options).includes('earlier nights'));
		t.false(matrixMarkdown(outcomes, {gone: []}).includes('earlier nights'));
		t.false(/changes|<svg/v.test(matrixHtml(outcomes, {gone: [], folder: '/'})));
		t.is((JSON.parse(matrixJson(outcomes, {gone: []})) as {changes: unknown}).changes, null);
	}
});

test('nothing changed is said too', async (t) => {
	const outcomes = [await outcome(a, [passed('hw.a'), passed('hw.b'), compared({})])];
	t.regex(gridLines(outcomes, options), /0 newly failing, 0 newly passing, 0 flaky, 0 beyond noise\n\n1 cell/v);
	t.false(matrixMarkdown(outcomes, {gone: []}).includes('| Changed |'));
});

test('a word that a history brought is text', async (t) => {
	const evil = '<script>|\u001B[31m';
	const outcomes = [
		await outcome(a, [
			failed,
			compared({
				rows: {newlyPassing: [{id: evil, before: 'fail', after: 'pass'}]},
				trends: [{kind: 'phase', id: evil, points: [1, 2].map((value) => ({at: value, value})), noise: null}],
			}),
		]),
	];
	t.false(matrixHtml(outcomes, {gone: [], folder: '/'}).includes('<script'));
	const markdown = matrixMarkdown(outcomes, {gone: []});
	t.false(markdown.includes('<script') || markdown.includes('\u001B'));
	t.false(gridLines(outcomes, options).includes('\u001B'));
});

const asWritten = (value: unknown): unknown => {
	const text = JSON.stringify(value);
	return JSON.parse(text);
};

test('docs/matrix.schema.json is current (npm run schema), and what the program writes is valid by it', async (t) => {
	const published: unknown = JSON.parse(
		await readFile(new URL('../../docs/matrix.schema.json', import.meta.url), 'utf8'),
	);
	t.deepEqual(published, asWritten(publishedSchemas()['matrix.schema.json']));
	const validate = new Ajv2020().compile(published as object);
	const outcomes = [await outcome(a, [failed, everything]), missingOutcome(b!, 'nobody has run it')];
	for (const some of [outcomes, []]) {
		const value = JSON.parse(matrixJson(some, {gone: matrix.known})) as object;
		t.true(validate(value), JSON.stringify(validate.errors));
		t.false(validate({...value, more: 1}));
		t.false(validate({...value, cells: [{}]}));
	}
});
