import type {Compared} from './changes.ts';
import type {Judgement, Verdict} from './verdict.ts';

/** How far a guest has come, in order. `access`: somebody has a root shell. */
export const bootPhases = ['firmware', 'bootloader', 'kernel', 'userspace', 'access'] as const;
export type BootPhase = (typeof bootPhases)[number];

export const portNames = ['ttyS0', 'ttyS1', 'ttyS2', 'ttyS3'] as const;
export type PortName = (typeof portNames)[number];

/** Something on a console that people would want to know about. */
export type ConsoleProblem = {
	/** Category, a stable word: `panic`, `oops`, `hung-task`, `io-error`, `emergency-shell` … (harness/console/alarms.ts). */
	readonly kind: string;
	readonly severity: 'fatal' | 'error' | 'warning';
	readonly port: PortName;
	/** The line, decoded, stripped of terminal control, cut to a printable length. */
	readonly line: string;
	/** Byte offset of the line in the port's raw log. */
	readonly offset: number;
};

/** The machine as it was really started. */
export type MachineFacts = {
	readonly profile: string;
	readonly accelerator: 'tcg' | 'kvm';
	readonly acceleratorReason: string;
	readonly qemu: string;
	readonly vcpus: number;
	readonly memoryMiB: number;
};

export type ImageFacts = {readonly path: string; readonly bytes: number; readonly sha256: string | undefined};

/** A figure with its uncertainty. */
export type Measurement = {
	/** The row that it belongs to, or a word of the scenario's own. */
	readonly id: string;
	/** What it is the measure of, e.g. `wall-ratio`. */
	readonly metric: string;
	readonly value: number;
	readonly ci95: readonly [low: number, high: number];
	/** In the order in which they were taken. */
	readonly samples: readonly number[];
	/** What was compared to come to it: a value for each window with and without, in the order in which they were taken. */
	readonly arms?: readonly Arms[] | undefined;
	/** Of the frames in the stream that was measured. */
	readonly frameSizes?: FrameSizes | undefined;
	/** Segments that the guest merged into a packet. */
	readonly merged?: {readonly on: number; readonly off: number} | undefined;
	/** One line for people. */
	readonly text: string;
};

/** A failure that somebody knows of. */
export type KnownFailure = {
	readonly id: string;
	/** Globs of rows; `run`: the guest does not come up. */
	readonly rows: readonly string[];
	readonly reason: string;
	readonly link?: string | undefined;
	/** The last day, `2027-01-31`. */
	readonly until: string;
	/** That day is over: the failure counts again. */
	readonly expired: boolean;
};

export type Arms = {readonly unit: string; readonly on: readonly number[]; readonly off: readonly number[]};

/** A histogram: so many frames in each bin, with and without. */
export type FrameSizes = {
	/** Upper ends of the bins in bytes, which belong to them. One bin more holds what is longer. */
	readonly limits: readonly number[];
	readonly on: readonly number[];
	readonly off: readonly number[];
	/** Frames that passed and could not be counted. */
	readonly unseen: number;
};

export type AccessMethod = 'shell' | 'credentials' | 'inject' | 'metadata';

/** Everything observable about a run. Reports, the exit code and the result file are folds of these, in order. `at`: ms since the epoch. */
export type RunEvent =
	| {
			readonly type: 'run-started';
			readonly at: number;
			readonly version: string;
			readonly image: ImageFacts;
			readonly machine: MachineFacts;
			readonly artifacts: string;
			/** Ids of all rows that this run must judge. */
			readonly requirements: readonly string[];
			readonly scenarios: readonly string[];
			readonly strict: boolean;
			/** The command line that repeats this run. */
			readonly command: string;
	  }
	/** Which cell of a matrix the run is, and what is known to go wrong in it. */
	| {readonly type: 'matrix-cell'; readonly at: number; readonly id: string; readonly known: readonly KnownFailure[]}
	| {readonly type: 'note'; readonly at: number; readonly text: string}
	| {readonly type: 'image-hashed'; readonly at: number; readonly sha256: string}
	| {readonly type: 'phase-reached'; readonly at: number; readonly phase: BootPhase; readonly ms: number}
	| {
			readonly type: 'access-tried';
			readonly at: number;
			readonly method: AccessMethod;
			readonly opened: boolean;
			readonly why: string;
	  }
	| {readonly type: 'console-problem'; readonly at: number; readonly problem: ConsoleProblem}
	| {
			readonly type: 'scenario-started';
			readonly at: number;
			readonly scenario: string;
			/** What its rows are called that the catalogue has not. Earlier versions did not tell it. */
			readonly title?: string | undefined;
	  }
	| {
			readonly type: 'requirement-judged';
			readonly at: number;
			readonly id: string;
			readonly scenario: string;
			readonly judgement: Judgement;
	  }
	| {
			readonly type: 'measured';
			readonly at: number;
			readonly scenario: string;
			readonly measurement: Measurement;
	  }
	| {
			readonly type: 'scenario-finished';
			readonly at: number;
			readonly scenario: string;
			readonly verdict: Verdict;
			readonly durationMs: number;
	  }
	/** What changed since the last run like it, as the history of this host has it. None where there is no history. */
	| {readonly type: 'compared'; readonly at: number; readonly compared: Compared}
	/** The terminal is a person's, in the guest, until it is taken back. */
	| {readonly type: 'handed-over'; readonly at: number; readonly port: string}
	| {readonly type: 'taken-back'; readonly at: number}
	| {
			readonly type: 'guest-failed';
			readonly at: number;
			readonly failure: string;
			readonly message: string;
			readonly hint: string | undefined;
	  }
	| {
			readonly type: 'run-failed';
			readonly at: number;
			readonly code: 'host' | 'deadline' | 'bug' | 'interrupted' | 'usage';
			readonly message: string;
			readonly hint: string | undefined;
			readonly exitCode: number;
	  }
	| {readonly type: 'run-finished'; readonly at: number; readonly durationMs: number; readonly exitCode: number};
