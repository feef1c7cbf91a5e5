import {HostError} from '../core/errors.ts';
import {type FigureChange, type FlakyRow, type RowChanges} from '../core/changes.ts';
import {type RunResult} from '../report/result-schema.ts';
import {type Baseline, type Figured, compareFigures} from './compare-figures.ts';
import {compareRows} from './compare-rows.ts';
import {flakyRows} from './flaky-rows.ts';
import {type HistoryRun, type RunKey} from './history-run.ts';
import {earlierRuns, findRun, isSameClass} from './read-runs.ts';

/** What changed from one run to another. */
export type Comparison = RowChanges & {
	readonly before: RunWords;
	readonly after: RunWords;
	/** Of the images of the two runs, on the host class of the later one. */
	readonly flaky: readonly FlakyRow[];
	readonly figures: readonly FigureChange[];
	/** Runs that noise is told from; why it cannot be, where it cannot. */
	readonly noise: {readonly runs: number; readonly unknown: string | null};
};

type RunWords = Pick<RunResult, 'startedAt' | 'exitCode' | 'image' | 'strict'> & {readonly directory: string};

type Env = Readonly<Record<string, string | undefined>>;

/** Compares two runs; where the history has them and their like, it says what is noise. A history that is broken leaves it unknown. */
export const compareRuns = (before: RunResult, after: RunResult, env: Env): Comparison => {
	const {baseline, flaky} = fromHistory(before, after, env);
	return {
		before: wordsOf(before),
		after: wordsOf(after),
		...compareRows(before, after),
		flaky,
		figures: compareFigures(figuredOf(before), figuredOf(after), baseline),
		noise: {runs: baseline.earlier.length, unknown: baseline.unknown ?? null},
	};
};

const wordsOf = ({startedAt, exitCode, image, strict, artifacts}: RunResult): RunWords => ({
	directory: artifacts.directory,
	startedAt,
	exitCode,
	image,
	strict,
});

const figuredOf = ({access, phases, measurements}: RunResult): Figured => ({
	access: access.method,
	phases,
	measurements,
});

const fromHistory = (
	before: RunResult,
	after: RunResult,
	env: Env,
): {readonly baseline: Baseline; readonly flaky: readonly FlakyRow[]} => {
	try {
		const [was, is] = [find(before, env), find(after, env)];
		return {
			baseline: baselineOf(was, is, env),
			flaky: is === undefined ? [] : flakyRows([is, ...earlierRuns(env, is)]),
		};
	} catch (error) {
		if (!(error instanceof HostError)) {
			throw error;
		}

		return {baseline: {earlier: [], unknown: error.message}, flaky: []};
	}
};

const find = ({artifacts, startedAt}: RunResult, env: Env): HistoryRun | undefined =>
	findRun(env, {directory: artifacts.directory, startedAt});

/** Runs like the one before, without the one after: it is asked whether that one is like them. */
const baselineOf = (was: HistoryRun | undefined, is: HistoryRun | undefined, env: Env): Baseline => {
	if (was === undefined || is === undefined) {
		const which = was === undefined ? (is === undefined ? 'neither run is' : 'A is not') : 'B is not';
		return {earlier: [], unknown: `${which} in the history of this host`};
	}

	if (!isSameClass(was, is)) {
		return {earlier: [], unknown: 'the runs differ in profile, accelerator or host class'};
	}

	const until = was.startedAt > is.startedAt ? was : is;
	const earlier = earlierRuns(env, {...was, startedAt: until.startedAt});
	return {earlier: [was, ...earlier.filter((run) => !isSameRun(run, was) && !isSameRun(run, is))], unknown: undefined};
};

const isSameRun = (a: RunKey, b: RunKey): boolean => a.directory === b.directory && a.startedAt === b.startedAt;
