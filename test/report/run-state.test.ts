import test from 'ava';
import {type RunEvent} from '../../harness/core/events.ts';
import {foldRun} from '../../harness/report/run-state.ts';
import {judged, passed, start} from './example-run.ts';

const rowsOf = (events: readonly RunEvent[]) =>
	foldRun(events).rows.map(({id, verdict, reason}) => [id, verdict, reason]);

const planned = start({requirements: ['hw.scsi.spc4', 'hw.net.tso4']});
const {at} = planned;

test('a row that the guest took to its grave is skipped', (t) => {
	t.deepEqual(
		rowsOf([planned, {type: 'guest-failed', at, failure: 'panic', message: 'Kernel panic', hint: undefined}]),
		['hw.scsi.spc4', 'hw.net.tso4'].map((id) => [id, 'skip', 'the guest failed before this could be seen (panic)']),
	);
});

test('a row that a broken host left open is an error, one that a deadline or a signal left open a skip', (t) => {
	const failed = (code: 'host' | 'bug' | 'deadline' | 'interrupted'): RunEvent => ({
		type: 'run-failed',
		at,
		code,
		message: 'it went wrong',
		hint: undefined,
		exitCode: 4,
	});
	const verdictAfter = (code: Parameters<typeof failed>[0]) =>
		rowsOf([planned, passed('hw.scsi.spc4'), failed(code)])[1];
	t.deepEqual(verdictAfter('host'), [
		'hw.net.tso4',
		'error',
		'the run failed before this could be seen (it went wrong)',
	]);
	t.deepEqual(verdictAfter('bug'), [
		'hw.net.tso4',
		'error',
		'the run failed before this could be seen (it went wrong)',
	]);
	t.deepEqual(verdictAfter('deadline'), [
		'hw.net.tso4',
		'skip',
		'the run ended before this could be seen (it went wrong)',
	]);
	t.deepEqual(verdictAfter('interrupted'), [
		'hw.net.tso4',
		'skip',
		'the run ended before this could be seen (it went wrong)',
	]);
});

test('a row that nobody came to judge is an error', (t) => {
	t.deepEqual(rowsOf([planned, passed('hw.scsi.spc4')])[1], ['hw.net.tso4', 'error', 'no scenario judged this row']);
});

test('a row that was not selected is absent', (t) => {
	t.deepEqual(rowsOf([start({requirements: []}), passed('hw.scsi.spc4')]), []);
});

test('strict makes warn and skip a fail, says what they were, and leaves the judgement as it was', (t) => {
	const strict = start({requirements: ['a', 'b', 'c', 'd'], strict: true});
	const events = [
		strict,
		judged('a', {verdict: 'warn', reason: 'as a module', evidence: []}),
		judged('b', {verdict: 'skip', reason: 'no lab', evidence: []}),
		judged('c', {verdict: 'error', reason: 'no answer', evidence: []}),
		passed('d'),
	];
	t.deepEqual(rowsOf(events), [
		['a', 'fail', 'warn, which --strict makes a fail: as a module'],
		['b', 'fail', 'skip, which --strict makes a fail: no lab'],
		['c', 'error', 'no answer'],
		['d', 'pass', '1 observation as required'],
	]);
	t.deepEqual(
		foldRun(events).rows.map(({judgement}) => judgement.verdict),
		['warn', 'skip', 'error', 'pass'],
	);
});

test('a scenario that ran twice counts its attempts and keeps its last verdict', (t) => {
	const finished = (verdict: 'pass' | 'error', durationMs: number): RunEvent => ({
		type: 'scenario-finished',
		at,
		scenario: 'scsi',
		verdict,
		durationMs,
	});
	t.deepEqual(foldRun([planned, finished('error', 10), finished('pass', 20)]).scenarios, [
		{id: 'scsi', verdict: 'pass', durationMs: 20, attempts: 2},
	]);
});
