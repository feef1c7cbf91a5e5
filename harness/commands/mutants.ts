import os from 'node:os';
import packageJson from '../../package.json' with {type: 'json'};
import {seconds} from '../core/deadline.ts';
import {UsageError} from '../core/errors.ts';
import {chosenBy} from '../core/glob.ts';
import {didYouMean} from '../core/nearest.ts';
import {ensureImage} from '../image/build.ts';
import {layoutOf} from '../report/layout.ts';
import {markOf} from '../report/marks.ts';
import {wantsColor} from '../report/wants-color.ts';
import {loadMutants} from '../runner/mutants/load-mutants.ts';
import {type Mutant, type MutantOutcome, caught, falseAlarms, unknown} from '../runner/mutants/mutant.ts';
import {runMutant} from '../runner/mutants/run-mutant.ts';
import {openRunFolder} from '../runner/run-folder.ts';
import type {CommandContext} from './command.ts';

type Options = {
	readonly only: readonly string[];
	readonly accel: 'auto' | 'kvm' | 'tcg';
	readonly jobs?: number;
	/** False: every one is booted. */
	readonly copies: boolean;
	readonly artifacts?: string;
	readonly json: boolean;
};

/** `bootwright mutants`: expected and observed sets of each, and the score. 0 only when every one was caught without a false alarm. */
export const run = async (context: CommandContext, options: Options): Promise<number> => {
	const {signal, stderr, stdout, env} = context;
	const all = await loadMutants();
	const mutants = chosenBy(all, options.only, {unmatched: noMutant(all)});
	const probe = await ensureImage('probe', {signal, onProgress: (line) => void stderr.write(`${line}\n`)});
	await using folder = await openRunFolder();
	const services = {
		probe,
		artifacts: options.artifacts ?? folder.path,
		env,
		accel: options.accel,
		copies: options.copies,
		version: packageJson.version,
		signal,
	};
	const layout = layoutOf({width: stdout.columns, color: wantsColor(stdout, env)});
	const outcomes: MutantOutcome[] = [];
	const queue = mutants.values();
	const work = async (): Promise<void> => {
		for (const mutant of queue) {
			const outcome = await runMutant(mutant, services);
			signal.throwIfAborted();
			outcomes.push(outcome);
			// Hundreds of configurations that are as they should be say nothing line by line.
			if (!options.json && !(mutant.kind === 'config' && caught(outcome))) {
				stdout.write(`${markOf(caught(outcome) ? 'pass' : 'fail', layout)} ${describe(outcome)}\n`);
			}
		}
	};
	await Promise.all(Array.from({length: options.jobs ?? Math.min(2, os.availableParallelism())}, async () => work()));
	const score = scoreOf(outcomes);
	stdout.write(options.json ? `${JSON.stringify(asJson(outcomes), undefined, 2)}\n` : `${score.text}\n`);
	return score.perfect ? 0 : 1;
};

const noMutant =
	(all: readonly Mutant[]) =>
	(pattern: string): UsageError =>
		new UsageError(
			`--only ${pattern} matches no mutant.${didYouMean(
				pattern,
				all.map(({id}) => id),
			)}`,
			{hint: 'bootwright list mutants'},
		);

const describe = (outcome: MutantOutcome): string => {
	const {mutant, observed, skipped, failure, durationMs} = outcome;
	const {skips = []} = mutant;
	const set = (ids: readonly string[]): string => (ids.length === 0 ? 'nothing' : ids.join(', '));
	const head = `${mutant.id}: ${mutant.title} (${seconds(durationMs)})`;
	return [
		head,
		`    expected: ${set(mutant.fails)}`,
		`    observed: ${set(observed)}`,
		...(skips.length === 0 ? [] : [`    skipped:  expected ${set(skips)}`, `              observed ${set(skipped)}`]),
		...(unknown(outcome).length === 0 ? [] : [`    unknown:  ${set(unknown(outcome))}`]),
		...(failure === undefined ? [] : [`    ended by: ${failure}`]),
	].join('\n');
};

const scoreOf = (outcomes: readonly MutantOutcome[]): {readonly text: string; readonly perfect: boolean} => {
	const exact = outcomes.filter((outcome) => caught(outcome)).length;
	const alarms = outcomes.reduce((sum, outcome) => sum + falseAlarms(outcome).length, 0);
	const share = ((exact / outcomes.length) * 100).toFixed(exact === outcomes.length ? 0 : 1);
	return {
		text: `${exact} of ${outcomes.length} mutants caught exactly (${share} %), ${alarms} false alarm${alarms === 1 ? '' : 's'}`,
		perfect: exact === outcomes.length && alarms === 0,
	};
};

const asJson = (outcomes: readonly MutantOutcome[]): unknown => ({
	mutants: outcomes.map((outcome) => ({
		id: outcome.mutant.id,
		title: outcome.mutant.title,
		expected: outcome.mutant.fails,
		observed: outcome.observed,
		skipped: outcome.skipped,
		errors: outcome.errors,
		failure: outcome.failure ?? null,
		caught: caught(outcome),
		durationMs: outcome.durationMs,
	})),
	caught: outcomes.filter((outcome) => caught(outcome)).length,
	falseAlarms: outcomes.reduce((sum, outcome) => sum + falseAlarms(outcome).length, 0),
});
