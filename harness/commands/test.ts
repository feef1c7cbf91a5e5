import path from 'node:path';
import {UsageError, exitCodeOf} from '../core/errors.ts';
import {checkReportFiles} from '../report/files/check-report-files.ts';
import {formatNames} from '../report/files/format-names.ts';
import {worstExitCode} from '../report/exit-code.ts';
import {bisectCode} from '../runner/loop/bisect-code.ts';
import {type Rows, changesBetween, rowsOfAll} from '../runner/loop/changes.ts';
import {repeatLines} from '../runner/loop/repeats.ts';
import {nextChange, stampsOf} from '../runner/loop/watch-files.ts';
import type {CommandContext} from './command.ts';
import {explainError} from './explain-error.ts';
import type {TestOptions} from './test-options.ts';
import {type Outcome, runAll} from './test-round.ts';
import {watchedFiles} from './watched-files.ts';

/** `bootwright test [IMAGE…]`: boots each image and judges every selected requirement; the worst of their exit codes. */
export const run = async (context: CommandContext, options: TestOptions, words: readonly string[]): Promise<number> => {
	if (!options.bisect) {
		return judge(context, options, words);
	}

	try {
		return bisectCode(await judge(context, options, words));
	} catch (error) {
		// An interruption is the person's, and ends the bisection.
		context.signal.throwIfAborted();
		context.stderr.write(explainError(error));
		return bisectCode(exitCodeOf(error));
	}
};

const judge = async (context: CommandContext, options: TestOptions, words: readonly string[]): Promise<number> => {
	checkTogether(options, words);
	await checkReportFiles(options, {artifacts: options.artifacts, inputs: inputsOf(options, words)});
	return options.watch ? watchRuns(context, options, words) : runRepeated(context, options, words);
};

const inputsOf = (
	{kernel, initrd, config, profile, passwordFile, scenario}: TestOptions,
	words: readonly string[],
): readonly string[] => [
	...words,
	...[kernel, initrd, config, profile, passwordFile, ...scenario].filter((file) => file !== undefined),
];

const checkTogether = (options: TestOptions, words: readonly string[]): void => {
	const {json, kernel, initrd, modules, append, watch, repeat, bisect, dryRun} = options;
	if (json !== undefined && words.length > 1) {
		throw new UsageError('--json names one file, and there are several images', {
			hint: 'Each run leaves its result.json among its artifacts: --artifacts DIR',
		});
	}

	const file = formatNames.find((name) => options[name] !== undefined);
	if (file !== undefined && (repeat ?? 1) > 1) {
		throw new UsageError(`--${file} tells of one round, and --repeat ${repeat} makes several`, {
			hint: `Each round leaves its events among its artifacts: bootwright report DIR --${file} FILE`,
		});
	}

	const lonely = Object.entries({initrd, modules, append}).find(([, value]) => value !== undefined);
	if (kernel === undefined && lonely !== undefined) {
		throw new UsageError(`--${lonely[0]} goes with --kernel: an image brings its own`);
	}

	if (watch && (repeat !== undefined || bisect)) {
		throw new UsageError(
			`--watch runs until it is interrupted: it does not go with ${bisect ? '--bisect' : '--repeat'}`,
		);
	}

	const judging = Object.entries({bisect, repeat, watch}).find(([, value]) => value !== undefined && value !== false);
	if (dryRun && judging !== undefined) {
		throw new UsageError(`--dry-run judges nothing: it does not go with --${judging[0]}`);
	}
};

const runRepeated = async (
	context: CommandContext,
	options: TestOptions,
	words: readonly string[],
): Promise<number> => {
	const {repeat = 1} = options;
	const rounds: Outcome[] = [];
	try {
		for (let time = 1; time <= repeat; time++) {
			rounds.push(await runAll(context, options, words));
		}
	} finally {
		// Also of a night that somebody ended early.
		if (repeat > 1 && rounds.length > 0 && options.reporter === 'terminal') {
			context.stdout.write(describeRepeats(rounds, repeat));
		}
	}

	return worstExitCode(rounds.map(({exitCode}) => exitCode));
};

const describeRepeats = (rounds: readonly Outcome[], repeat: number): string => {
	const lines = repeatLines(rounds.map(({results}) => results));
	const isGood = rounds.every(({exitCode}) => exitCode === 0);
	const nothing = isGood
		? 'No row was bad, and none came out in two ways.'
		: 'Every row was skipped: nothing was found out.';
	const times = rounds.length === repeat ? repeat : `${rounds.length} of ${repeat}`;
	return `\nRepeated ${times} times\n${(lines.length === 0 ? [nothing] : lines).map((line) => `  ${line}\n`).join('')}`;
};

const watchRuns = async (context: CommandContext, options: TestOptions, words: readonly string[]): Promise<number> => {
	const {stdout, stderr, signal} = context;
	let before: Rows | undefined;
	for (;;) {
		// What changes while it runs is a change too.
		const watched = await watchedFiles(options, words);
		const stamps = await stampsOf(watched);
		try {
			const {results} = await runAll(context, options, words);
			const rows = rowsOfAll(results);
			const changes = before === undefined ? [] : changesBetween(before, rows);
			if (before !== undefined && options.reporter === 'terminal') {
				const told = changes.length === 0 ? ['no verdict changed'] : changes;
				stdout.write(`\nSince the run before\n${told.map((line) => `  ${line}\n`).join('')}`);
			}

			before = rows;
		} catch (error) {
			signal.throwIfAborted();
			// A kernel that does not build, a scenario with a slip of the pen: the next change may mend it.
			stderr.write(explainError(error));
		}

		stderr.write(`\nWaiting for a change of ${stamps.size} files; Ctrl-C ends.\n`);
		const changed = await nextChange(watched, stamps, signal);
		stderr.write(`Changed: ${describeFiles(changed)}\n\n`);
	}
};

/** Modules come by the thousand. */
const mostNamed = 3;

const describeFiles = (files: readonly string[]): string => {
	const named = files.slice(0, mostNamed).map((file) => path.relative(process.cwd(), file));
	const more = files.length - named.length;
	return [...named, ...(more === 0 ? [] : [`${more} more`])].join(', ');
};
