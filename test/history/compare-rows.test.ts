import test from 'ava';
import {type Verdict, verdicts} from '../../harness/core/verdict.ts';
import {compareRows, gotWorse} from '../../harness/history/compare-rows.ts';
import {resultOf} from '../../harness/report/result.ts';
import {start} from '../report/example-run.ts';

const withRows = (rows: Readonly<Record<string, Verdict>>) => ({
	...resultOf([start()]),
	requirements: Object.entries(rows).map(([id, verdict]) => ({id, verdict, scenario: 's', reason: '', evidence: []})),
});

const kinds = ['newlyFailing', 'newlyPassing', 'otherChanges', 'newRows', 'removedRows'] as const;

test('every change stands in one place', (t) => {
	const changes = compareRows(
		withRows({same: 'fail', broke: 'pass', mended: 'fail', seen: 'skip', warned: 'pass', lost: 'pass', gone: 'pass'}),
		withRows({same: 'fail', fresh: 'fail', broke: 'fail', mended: 'warn', seen: 'pass', warned: 'warn', lost: 'skip'}),
	);
	const ids = kinds.map((kind) => [kind, changes[kind].map(({id}) => id)]);
	t.deepEqual(ids, [
		['newlyFailing', ['broke']],
		['newlyPassing', ['mended', 'seen']],
		['otherChanges', ['warned', 'lost']],
		['newRows', ['fresh']],
		['removedRows', ['gone']],
	]);
	t.deepEqual(changes.newRows, [{id: 'fresh', before: null, after: 'fail'}]);
	t.deepEqual(changes.removedRows, [{id: 'gone', before: 'pass', after: null}]);
});

test('worse: what was green is unknown, what was unknown fails; never the way back', (t) => {
	const worse = verdicts.flatMap((before) =>
		verdicts.filter((after) => gotWorse({id: 'row', before, after})).map((after) => `${before} → ${after}`),
	);
	t.deepEqual(worse, [
		'pass → warn',
		'pass → fail',
		'pass → skip',
		'pass → error',
		'warn → fail',
		'warn → skip',
		'warn → error',
		'skip → fail',
		'skip → error',
		'error → fail',
	]);
	t.false(gotWorse({id: 'row', before: null, after: 'fail'}));
	t.false(gotWorse({id: 'row', before: 'pass', after: null}));
});
