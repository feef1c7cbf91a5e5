import {type ConsoleProblem} from '../../core/events.ts';
import {type AlarmKind} from './kinds.ts';

/** What a line on a console means, as data. */
export type AlarmRule = Pick<ConsoleProblem, 'severity'> & {
	readonly kind: AlarmKind;
	/**
	 * Where the kernel stamps its lines with the time, `kernel` counts on a stamped line only, so that a program that quotes it
	 * is not taken for it; `loader` (firmware, boot loader, decompressor) only before the first of them; `anyone` always.
	 */
	readonly speaker: 'loader' | 'kernel' | 'anyone';
	/** One of these words stands in every line that the pattern matches. As rare as possible: a line with one is decoded and looked at. */
	readonly triggers: readonly [string, ...string[]];
	/** Matched where a message begins, without time and caller. No capturing groups, no `^`. */
	readonly pattern: RegExp;
	/**
	 * Several lines tell of one event: `opens` begins it; `follows` begins it too, but is part of it when one is open.
	 * It is over at `end trace`, at the next `cut here`, or after 16 KiB.
	 */
	readonly block?: 'opens' | 'follows';
	/** Also matched on a line that does not end: something waits for a key. */
	readonly prompt?: true;
	/** Where the words come from. */
	readonly source: string;
};
