import type {Verdict} from '../core/verdict.ts';
import type {Layout, Style} from './layout.ts';

/** The sign that stands for a verdict at the start of a line. */
export const markOf = (verdict: Verdict, {paint}: Layout): string => {
	const [style, sign] = marks[verdict];
	return paint(style, sign);
};

const marks = {
	pass: ['green', '✔'],
	warn: ['yellow', '⚠'],
	fail: ['red', '✖'],
	skip: ['dim', '○'],
	error: ['red', '‼'],
} as const satisfies Record<Verdict, readonly [Style, string]>;

/** What a count of a verdict is called, in the order of a report's last line. */
export const verdictWords = {
	pass: 'passed',
	warn: 'warned',
	fail: 'failed',
	skip: 'skipped',
	error: 'errors',
} as const satisfies Record<Verdict, string>;
