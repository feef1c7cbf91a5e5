import path from 'node:path';
import {monotonicMs} from '../../core/clock.ts';
import {type BuiltImage} from '../../image/build.ts';
import {inspectCandidate} from '../../image/inspect.ts';
import {longerCopy} from '../../image/longer-copy.ts';
import {judgeKernelOptions} from '../../policy/judge-kernel-options.ts';
import {parseKernelConfig} from '../../policy/kernel-config.ts';
import {openRunFolder} from '../run-folder.ts';
import {runImage} from '../run-image.ts';
import {type PlanOptions, makeRunPlan, unchosen} from '../make-run-plan.ts';
import {type Mutant, type MutantOutcome, measuresThroughput, offloadIds} from './mutant.ts';

export type MutantServices = {
	/** The small image that all of them boot. */
	readonly probe: BuiltImage;
	/** Parent of the runs' artifacts. */
	readonly artifacts: string;
	readonly env: Readonly<Record<string, string | undefined>>;
	readonly accel: PlanOptions['accel'];
	/** Guests that are wrong are copies of a booted machine. */
	readonly copies: boolean;
	readonly version: string;
	readonly signal: AbortSignal;
};

/** Judges one mutant, all rows, and tells which of them failed. */
export const runMutant = async (mutant: Mutant, services: MutantServices): Promise<MutantOutcome> => {
	const startedAt = monotonicMs();
	const seen = mutant.kind === 'config' ? judgeConfig(mutant.text) : await boot(mutant, services);
	const ids = (verdict: string): readonly string[] =>
		seen.rows.filter((row) => row.verdict === verdict).map(({id}) => id);
	return {
		mutant,
		observed: ids('fail'),
		skipped: ids('skip').filter((id) => (offloadIds as readonly string[]).includes(id)),
		errors: ids('error'),
		failure: seen.failure,
		durationMs: monotonicMs() - startedAt,
	};
};

type Seen = {
	readonly rows: ReadonlyArray<{readonly id: string; readonly verdict: string}>;
	readonly failure: string | undefined;
};

/** As `check-config` does. */
const judgeConfig = (text: string): Seen => {
	const judgements = judgeKernelOptions(parseKernelConfig(text), {
		offline: true,
		release: undefined,
		seenWorking: new Set(),
	});
	return {rows: [...judgements].map(([id, {verdict}]) => ({id, verdict})), failure: undefined};
};

const boot = async (mutant: Exclude<Mutant, {kind: 'config'}>, services: MutantServices): Promise<Seen> => {
	const {probe, signal} = services;
	const direct = mutant.kind === 'machine' && mutant.boot === 'kernel';
	const plan = await makeRunPlan({
		...unchosen,
		...services,
		argv: ['mutants', '--only', mutant.id],
		overrides: mutant.kind === 'machine' ? mutant.overrides : undefined,
		skip: measuresThroughput(mutant) ? [] : ['throughput.*'],
		// Machines that are wrong on purpose are not worth keeping.
		reuse: services.copies && mutant.kind === 'guest' ? 'cache' : 'single',
		network: mutant.kind === 'machine' ? (mutant.network ?? 'auto') : 'auto',
	});
	await using folder = await openRunFolder();
	const extraBytes = mutant.kind === 'machine' ? (mutant.extraBytes ?? 0) : 0;
	const to = path.join(folder.path, 'disk.raw');
	const disk = extraBytes === 0 ? probe : await longerCopy(probe.path, {to, extraBytes, signal});
	const {result} = await runImage(
		{label: 'ref:probe', candidate: await inspectCandidate(disk.path, {signal}), known: probe.manifest.access},
		{
			...plan,
			labFaults: mutant.kind === 'machine' ? mutant.lab : undefined,
			guestSetup: mutant.kind === 'guest' ? mutant.command : undefined,
			kernel: direct
				? {
						path: path.join(probe.directory, 'vmlinuz'),
						initrd: path.join(probe.directory, 'initrd.img'),
						append: probe.manifest.append,
					}
				: undefined,
		},
		{
			folder: folder.path,
			artifactsParent: services.artifacts,
			env: services.env,
			reporters: [],
			terminal: undefined,
			signal,
		},
	);
	return {rows: result.requirements, failure: result.failure?.message};
};
