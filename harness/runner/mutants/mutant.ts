import {type RequirementId} from '../../core/requirements/ids.ts';
import {type LabFaults} from '../../lab/lab-network.ts';

/** A machine or a guest that is wrong in one known way, and every row that must then fail, no more and no less. */
export type Mutant = {
	readonly id: string;
	readonly title: string;
	/** Empty: the change must not matter. */
	readonly fails: readonly RequirementId[];
	/** Rows that cannot be observed then: they must be `skip`, and never `pass`. */
	readonly skips?: readonly RequirementId[] | undefined;
	/** The rows `throughput.*` are judged too, although none of them is named. Measuring takes half a minute. */
	readonly throughput?: boolean | undefined;
	/** The guest must not live to the end of its run. */
	readonly dies?: boolean | undefined;
} & (
	| {
			readonly kind: 'machine';
			/** Laid over the profile gce. */
			readonly overrides: Readonly<Record<string, unknown>>;
			/** `kernel`: given from outside, where the mutant keeps the firmware from booting the disk. */
			readonly boot: 'disk' | 'kernel';
			readonly lab?: LabFaults | undefined;
			/** Zeros after the end of the disk. */
			readonly extraBytes?: number | undefined;
			readonly network?: 'auto' | 'user' | undefined;
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
	/** Rows of the network that ended as `skip`. */
	readonly skipped: readonly string[];
	/** Rows that ended as `error`: the harness could not tell, which is no catch. */
	readonly errors: readonly string[];
	/** Why the run did not come to its end, where it did not. */
	readonly failure: string | undefined;
	readonly durationMs: number;
};

/** The rows that need the network lab. */
export const offloadIds = [
	'hw.net.checksum',
	'hw.net.tso4',
	'hw.net.gro4',
	'throughput.checksum',
	'throughput.tso4',
	'throughput.gro4',
] as const satisfies readonly RequirementId[];

/** Whether a mutant is about the network, so that throughput has to be measured. */
export const measuresThroughput = ({fails, skips = [], throughput = false}: Mutant): boolean =>
	throughput || [...fails, ...skips].some((id) => (offloadIds as readonly string[]).includes(id));

/** Rows that failed without being named. */
export const falseAlarms = ({mutant, observed}: MutantOutcome): readonly string[] =>
	observed.filter((id) => !(mutant.fails as readonly string[]).includes(id));

/** Rows that should have failed and did not. */
export const missed = ({mutant, observed}: MutantOutcome): readonly string[] =>
	mutant.fails.filter((id) => !observed.includes(id));

/**
 * Rows about which nothing was found out: an `error`, or a `skip` of an offload that could have been observed, such as an inconclusive
 * measurement. Of a guest that died nothing more is asked.
 */
export const unknown = ({mutant, errors, skipped}: MutantOutcome): readonly string[] => [
	...errors,
	...(mutant.dies === true
		? []
		: skipped.filter((id) => !(mutant.skips as readonly string[] | undefined)?.includes(id))),
];

/** Rows that should have been `skip` and were not. */
const wronglyObserved = ({mutant, skipped}: MutantOutcome): readonly string[] =>
	(mutant.skips ?? []).filter((id) => !skipped.includes(id));

/** Whether exactly the named rows failed, and nothing remained unknown: a guest that never came up shows nothing, not that all is well. */
export const caught = (outcome: MutantOutcome): boolean =>
	(outcome.failure !== undefined) === (outcome.mutant.dies ?? false) &&
	falseAlarms(outcome).length === 0 &&
	missed(outcome).length === 0 &&
	unknown(outcome).length === 0 &&
	wronglyObserved(outcome).length === 0;
