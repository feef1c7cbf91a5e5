import {type RunEvent} from '../../../harness/core/events.ts';
import {judged, passed, start} from '../example-run.ts';

/** What a guest may write to break whoever reads a report. */
export const hostile =
	'\0\u001B[2J</failure><script>alert(1)</script>]]>&lt; &foo; "\' | # SKIP not really\r\n::error::no\nnot ok 9 - x\n\uD800 @everyone `code` \u202Egnp';

export const hostileRun: readonly RunEvent[] = [
	start({
		requirements: ['a.one', 'a.two', 'a.three', 'a.four'],
		image: {path: `${hostile}.raw`, bytes: 1, sha256: undefined},
	}),
	passed('a.one'),
	judged('a.two', {
		verdict: 'fail',
		reason: hostile,
		evidence: [{side: 'guest', what: hostile, expected: hostile, observed: hostile, holds: false}],
		fix: hostile,
	}),
	judged('a.three', {verdict: 'skip', reason: hostile, evidence: []}),
	judged('a.four', {verdict: 'error', reason: 'x'.repeat(10_000_000), evidence: []}),
	{type: 'run-finished', at: start().at, durationMs: 1, exitCode: 4},
];

export const panicked: readonly RunEvent[] = [
	start({requirements: ['a.one']}),
	{type: 'guest-failed', at: start().at, failure: 'panic', message: 'Kernel panic', hint: 'look at it'},
	{type: 'run-finished', at: start().at, durationMs: 1, exitCode: 3},
];

export const interrupted: readonly RunEvent[] = [
	start({requirements: ['a.one']}),
	{
		type: 'run-failed',
		at: start().at,
		code: 'interrupted',
		message: 'Interrupted by SIGINT',
		hint: undefined,
		exitCode: 130,
	},
	{type: 'run-finished', at: start().at, durationMs: 1, exitCode: 130},
];

/** Nothing but skips: nothing was proved. */
export const unproved: readonly RunEvent[] = [
	start({requirements: ['a.one']}),
	judged('a.one', {verdict: 'skip', reason: 'no lab', evidence: []}),
	{type: 'run-finished', at: start().at, durationMs: 1, exitCode: 4},
];
