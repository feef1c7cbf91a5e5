import test from 'ava';
import {type RunEvent} from '../../harness/core/events.ts';
import {exitCodeOf, worstExitCode} from '../../harness/report/exit-code.ts';
import {judged, passed, start} from './example-run.ts';

const one = start({requirements: ['a']});
const two = start({requirements: ['a', 'b']});
const {at} = one;
const failing = judged('a', {verdict: 'fail', reason: 'wrong', evidence: []});
const skipping = judged('a', {verdict: 'skip', reason: 'no lab', evidence: []});
const unknown = judged('b', {verdict: 'error', reason: 'no answer', evidence: []});
const access: RunEvent = {type: 'phase-reached', at, phase: 'access', ms: 1};
const panic: RunEvent = {type: 'guest-failed', at, failure: 'panic', message: 'panic', hint: undefined};
const runFailed = (code: 'host' | 'deadline' | 'interrupted', exitCode: number): RunEvent => ({
	type: 'run-failed',
	at,
	code,
	message: code,
	hint: undefined,
	exitCode,
});

const cases: ReadonlyArray<readonly [string, readonly RunEvent[], number]> = [
	['all passed', [one, passed('a')], 0],
	['a skip beside a pass', [two, skipping, passed('b')], 0],
	['a warning', [one, judged('a', {verdict: 'warn', reason: 'module', evidence: []})], 0],
	[
		'a warning under --strict',
		[{...one, strict: true}, judged('a', {verdict: 'warn', reason: 'module', evidence: []})],
		1,
	],
	['a skip beside a pass under --strict', [{...two, strict: true}, skipping, passed('b')], 1],
	['a row failed', [two, failing, passed('b')], 1],
	['nothing selected', [start({requirements: []})], 2],
	['nothing but skips', [one, skipping], 4],
	['the guest did not come up', [one, panic], 3],
	['the guest did not come up and a row says so too', [one, panic, failing], 3],
	['the guest died after the shell was open', [one, access, failing, panic], 1],
	['the guest died after the shell was open, before any row', [one, access, panic], 1],
	['a row is an error', [two, failing, unknown], 4],
	['an error row beats a dead guest', [two, panic, unknown], 4],
	['the host failed', [one, passed('a'), runFailed('host', 4)], 4],
	['the deadline passed', [one, runFailed('deadline', 5)], 5],
	['an error row beats the deadline', [two, unknown, runFailed('deadline', 5)], 4],
	['the deadline beats a failed row', [one, failing, runFailed('deadline', 5)], 5],
	['interrupted beats everything but usage', [two, failing, unknown, runFailed('interrupted', 143)], 143],
	['nothing is known', [], 4],
];

for (const [title, events, expected] of cases) {
	test(`${title}: ${expected}`, (t) => {
		t.is(exitCodeOf(events), expected);
	});
}

test('several runs: the first of 2, signal, 4, 5, 3, 1', (t) => {
	t.is(worstExitCode([1, 3, 5, 4, 130, 2]), 2);
	t.is(worstExitCode([1, 3, 5, 4, 130]), 130);
	t.is(worstExitCode([1, 3, 5, 4]), 4);
	t.is(worstExitCode([1, 3, 5]), 5);
	t.is(worstExitCode([1, 3, 0]), 3);
	t.is(worstExitCode([0, 1]), 1);
	t.is(worstExitCode([0, 0]), 0);
});
