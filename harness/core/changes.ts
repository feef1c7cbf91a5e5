import type {Verdict} from './verdict.ts';

/** A row that is another than it was; null where one of the runs does not have it. `run`: whether the guest came up. */
export type RowChange = {readonly id: string; readonly before: Verdict | null; readonly after: Verdict | null};

export type RowChanges = {
	readonly newlyFailing: readonly RowChange[];
	readonly newlyPassing: readonly RowChange[];
	readonly otherChanges: readonly RowChange[];
	readonly newRows: readonly RowChange[];
	readonly removedRows: readonly RowChange[];
};

/** How a figure scatters from run to run; `low` to `high` is within noise. */
export type Noise = {readonly runs: number; readonly median: number; readonly low: number; readonly high: number};

/** A figure that both runs have. */
export type FigureChange = {
	readonly kind: 'phase' | 'measurement';
	/** Of the phase, or of what was measured with its metric. */
	readonly id: string;
	/** Milliseconds, or of the measurement's own unit. */
	readonly before: number;
	readonly after: number;
	/** Null where it is not known. */
	readonly noise: Noise | null;
	/** `unknown`: there is a difference, and nobody knows whether it is noise. */
	readonly change: 'slower' | 'faster' | 'higher' | 'lower' | 'within-noise' | 'unknown';
};

/** A row that was bad (`fail` or `error`) in some runs of the very same image, and good in others. */
export type FlakyRow = {
	readonly id: string;
	readonly sha256: string;
	readonly bad: number;
	/** In which it was judged, with another word than `skip`. */
	readonly runs: number;
};

/** How one figure went over the runs of the same image, profile and host class, the oldest first. The run itself is the last point. */
export type Trend = {
	readonly kind: FigureChange['kind'];
	readonly id: string;
	/** `at`: when the run started, ms since the epoch. `value`: as in `FigureChange`. */
	readonly points: ReadonlyArray<{readonly at: number; readonly value: number}>;
	/** Of the earlier points; null where it is not known. */
	readonly noise: Noise | null;
};

/** What the history of its host says about a run: what changed since the last one like it. */
export type Compared = {
	/** The run it is compared with; null where there is none yet. */
	readonly since: {readonly at: number; readonly exitCode: number} | null;
	readonly rows: RowChanges;
	readonly flaky: readonly FlakyRow[];
	/** Beyond noise only. */
	readonly figures: readonly FigureChange[];
	readonly trends: readonly Trend[];
};
