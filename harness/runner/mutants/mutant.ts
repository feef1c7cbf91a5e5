import {type RequirementId} from '../../core/requirements/ids.ts';

/** A machine or a guest that is wrong in one known way, and every row that must then fail, no more and no less. */
export type Mutant = {
	readonly id: string;
	readonly title: string;
	/** Empty: the change must not matter. */
	readonly fails: readonly RequirementId[];
	/** The guest must not live to the end of its run. */
	readonly dies?: boolean | undefined;
} & (
	| {
			readonly kind: 'machine';
			/** Laid over the profile gce. */
			readonly overrides: Readonly<Record<string, unknown>>;
			/** `kernel`: given from outside, where the mutant keeps the firmware from booting the disk. */
			readonly boot: 'disk' | 'kernel';
	  }
	| {
			readonly kind: 'guest';
			/** Shell command that runs as root in the guest before the scenarios. */
			readonly command: string;
	  }
	| {readonly kind: 'config'; readonly text: string}
);

/** What a mutant showed. */
export type MutantOutcome = {
	readonly mutant: Mutant;
	readonly observed: readonly string[];
	/** Rows that ended as `error`: the harness could not tell, which is no catch. */
	readonly errors: readonly string[];
	/** Why the run did not come to its end, where it did not. */
	readonly failure: string | undefined;
	readonly durationMs: number;
};

/** Rows that failed without being named. */
export const falseAlarms = ({mutant, observed}: MutantOutcome): readonly string[] =>
	observed.filter((id) => !(mutant.fails as readonly string[]).includes(id));

/** Rows that should have failed and did not. */
export const missed = ({mutant, observed}: MutantOutcome): readonly string[] =>
	mutant.fails.filter((id) => !observed.includes(id));

/** Whether exactly the named rows failed, and nothing remained unknown: a guest that never came up shows nothing, not that all is well. */
export const caught = (outcome: MutantOutcome): boolean =>
	(outcome.failure !== undefined) === (outcome.mutant.dies ?? false) &&
	falseAlarms(outcome).length === 0 &&
	missed(outcome).length === 0 &&
	outcome.errors.length === 0;
