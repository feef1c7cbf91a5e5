import path from 'node:path';
import {planAccess} from '../access/plan-access.ts';
import {monotonicMs, wallClockMs} from '../core/clock.ts';
import {Deadline} from '../core/deadline.ts';
import {type RunEvent} from '../core/events.ts';
import {type Candidate, whyNotStarted} from '../image/candidate.ts';
import {keepDigest, recallDigest} from '../image/known-digest.ts';
import {hashCandidate, verifyUntouched} from '../image/hash.ts';
import {type QemuRun} from '../profile/run.ts';
import {reasonAndCure} from '../qemu/reason-and-cure.ts';
import {type Artifacts, openArtifacts} from '../report/artifacts.ts';
import {exitCodeOf as exitCodeOfEvents} from '../report/exit-code.ts';
import {type RunResult} from '../report/result-schema.ts';
import {resultOf, resultText} from '../report/result.ts';
import {type Reporter} from '../report/terminal.ts';
import {type Terminal} from '../console/attach-terminal.ts';
import {type ResolvedImage} from './resolve-image.ts';
import {failureOf} from './failure-event.ts';
import {whyNoShell} from './offer-shell.ts';
import {runMachine} from './run-machine.ts';
import {type RunPlan} from './run-plan.ts';

export type RunServices = {
	/** The run's own folder, gone at its end. */
	readonly folder: string;
	/** Parent of the artifacts, where the person named one. */
	readonly artifactsParent: string | undefined;
	readonly env: Readonly<Record<string, string | undefined>>;
	readonly reporters: readonly Reporter[];
	/** A person to hand a failed guest over to, where there is one. */
	readonly terminal: Terminal | undefined;
	/** Keeps a run that is all but over in mind; what it has to tell of that. */
	readonly remember?: ((events: readonly RunEvent[]) => readonly RunEvent[]) | undefined;
	readonly signal: AbortSignal;
};

export type RunOutcome = {readonly exitCode: number; readonly result: RunResult; readonly events: readonly RunEvent[]};

/** Disk and kernel of the one start of an image. */
export type ImageRun = Omit<QemuRun, 'accelerator' | 'firmwareLog' | 'network'> & {
	readonly overlay: {readonly path: string};
};

/** What the parts of a run share. */
export type RunContext = ResolvedImage & {
	readonly plan: RunPlan;
	readonly run: ImageRun;
	readonly folder: string;
	readonly artifacts: Artifacts;
	readonly terminal: Terminal | undefined;
	readonly deadline: Deadline;
	readonly emit: (event: RunEvent) => void;
	/** What the events so far add up to. */
	readonly exitCodeSoFar: () => number;
	/** SHA-256 of the candidate. */
	readonly hashing: () => Promise<string>;
};

/**
 * Judges one image: from the boot to the result file. Whatever goes wrong on the way is an event, and part of the result.
 * @throws UsageError for a way in that cannot be had; UsageError or HostError where there is no place for artifacts
 */
export const runImage = async (image: ResolvedImage, plan: RunPlan, services: RunServices): Promise<RunOutcome> => {
	const {folder, terminal} = services;
	const startedAt = monotonicMs();
	// What is wrong with the command line is said before anything is made.
	planAccess({...plan, ...image, noLab: undefined});
	const run = {
		candidate: image.candidate,
		overlay: {path: path.join(folder, 'overlay.qcow2')},
		runDirectory: folder,
		kernel: plan.kernel,
	} as const;
	const events: RunEvent[] = [];
	using artifacts = await openArtifacts({
		directory: services.artifactsParent,
		image: image.label.replace(':', '-'),
		env: services.env,
	});
	const emit = (event: RunEvent): void => {
		events.push(event);
		for (const report of services.reporters) {
			report(event);
		}

		artifacts.record(event);
	};

	using deadline = new Deadline({phase: 'run', budgetMs: plan.timeoutMs, signal: services.signal});
	try {
		emit(startOf(image, plan, artifacts));
		if (plan.onFail === 'shell' && terminal === undefined) {
			emit({type: 'note', at: wallClockMs(), text: whyNoShell(services.env)});
		}

		const exitCodeSoFar = (): number => exitCodeOfEvents(events);
		await judge({...image, plan, run, folder, artifacts, terminal, deadline, emit, exitCodeSoFar});
	} catch (error) {
		emit(failureOf(error, deadline.signal));
	}

	const remembered = services.remember?.(events) ?? [];
	for (const event of remembered) {
		emit(event);
	}

	const exitCode = exitCodeOfEvents(events);
	emit({type: 'run-finished', at: wallClockMs(), durationMs: monotonicMs() - startedAt, exitCode});
	const result = resultOf(events);
	await artifacts.writeResult(resultText(events));
	return {exitCode, result, events};
};

/** Hashes the candidate while everything else goes on, and proves at the end that nobody wrote to it. */
const judge = async (context: Omit<RunContext, 'hashing'>): Promise<void> => {
	const {candidate, plan, deadline, emit} = context;
	const unfit = plan.kernel === undefined ? whyNotStarted(candidate, plan.profile.firmware) : undefined;
	if (unfit !== undefined) {
		emit(failureOf(unfit));
		return;
	}

	const stop = new AbortController();
	const hashing = digestOf(candidate, {plan, signal: AbortSignal.any([deadline.signal, stop.signal])});
	hashing.catch(() => undefined);
	try {
		const alive = await runMachine({...context, hashing: async () => hashing});
		// The digest of an image that never came up is worth no wait.
		const sha256 = alive || plan.paranoid ? await hashing : undefined;
		if (sha256 !== undefined) {
			emit({type: 'image-hashed', at: wallClockMs(), sha256});
		}

		await verifyUntouched(candidate, {paranoid: plan.paranoid, sha256, signal: deadline.signal});
	} finally {
		stop.abort(new Error('the run is over'));
		await hashing.catch(() => undefined);
	}
};

/** Read from the file itself only where it changed since, or where a person wants that. */
const digestOf = async (
	candidate: Candidate,
	{plan, signal}: {readonly plan: RunPlan; readonly signal: AbortSignal},
): Promise<string> => {
	const known = plan.paranoid ? undefined : await recallDigest(candidate);
	if (known !== undefined) {
		return known;
	}

	const sha256 = await hashCandidate(candidate, signal);
	await keepDigest(candidate, sha256);
	return sha256;
};

const startOf = ({label, candidate}: ResolvedImage, plan: RunPlan, {directory}: Artifacts): RunEvent => ({
	type: 'run-started',
	at: wallClockMs(),
	version: plan.version,
	image: {path: label, bytes: candidate.bytes, sha256: undefined},
	machine: {
		profile: plan.profile.name,
		accelerator: plan.accelerator.accelerator,
		acceleratorReason: reasonAndCure(plan.accelerator),
		qemu: plan.qemu.version.text,
		vcpus: plan.profile.vcpus,
		memoryMiB: plan.profile.memoryMiB,
	},
	artifacts: directory,
	requirements: plan.requirements,
	scenarios: plan.scenarios.map(({id}) => id),
	strict: plan.strict,
	command: plan.command,
});
