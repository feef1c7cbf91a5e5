import {type RunEvent} from '../../../harness/core/events.ts';
import {judged, passed, start} from '../example-run.ts';

/** What a guest may write to break whoever reads a report; the last of it no XML may hold. */
export const hostile =
	'\0\u001B[2J</failure><script>alert(1)</script>]]>&lt; &foo; "\' | # SKIP not really\r\n::error::no\nnot ok 9 - x\n\uD800 @everyone `code` \u202Egnp \x01\x9B \uFFFE\uFFFF\uFDD0\u{1FFFF}';

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

/** What else of a run tells of an image, a host or a guest in words of theirs: the names of files and directories too. */
export const hostileFacts: readonly RunEvent[] = [
	start({
		requirements: ['custom.one', 'custom.two', hostile],
		image: {path: `${hostile}.raw`, bytes: 1, sha256: undefined},
		machine: {...start().machine, profile: hostile, acceleratorReason: hostile, qemu: hostile},
		artifacts: `/${hostile}`,
		command: `bootwright test '${hostile}'`,
	}),
	{type: 'note', at: start().at, text: hostile},
	{type: 'access-tried', at: start().at, method: 'shell', opened: false, why: hostile},
	{
		type: 'console-problem',
		at: start().at,
		problem: {kind: hostile, severity: 'error', port: 'ttyS0', line: hostile, offset: 0},
	},
	{type: 'scenario-started', at: start().at, scenario: 'scsi', title: hostile},
	passed('custom.one'),
	judged('custom.two', {verdict: 'warn', reason: hostile, evidence: [], fix: hostile}),
	judged(hostile, {verdict: 'skip', reason: hostile, evidence: [], fix: hostile}),
	{
		type: 'measured',
		at: start().at,
		scenario: 'scsi',
		measurement: {id: hostile, metric: hostile, value: 1, ci95: [1, 1], samples: [1], text: hostile},
	},
	{type: 'guest-failed', at: start().at, failure: hostile, message: hostile, hint: hostile},
	{type: 'run-failed', at: start().at, code: 'host', message: hostile, hint: hostile, exitCode: 4},
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
