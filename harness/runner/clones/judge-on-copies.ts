import {type Deadline} from '../../core/deadline.ts';
import {GuestError, HostError} from '../../core/errors.ts';
import {wallClockMs} from '../../core/clock.ts';
import {type ConsoleProblem, type RunEvent} from '../../core/events.ts';
import {type Verdict} from '../../core/verdict.ts';
import {NoOverlaySpace} from '../../image/overlay-space.ts';
import {type Scenario} from '../../machine/scenario.ts';
import {type SavedMachine} from '../../machine/saved/saved-machine.ts';
import {failureOf} from '../failure-event.ts';
import {imageUnderTest} from '../image-under-test.ts';
import {offerShell} from '../offer-shell.ts';
import {type RunContext} from '../run-image.ts';
import {type RunPlan} from '../run-plan.ts';
import {runScenario} from '../run-scenario.ts';
import {openCopy} from './open-copy.ts';
import {DamagedMachine} from './damaged-machine.ts';
import {keepEarlier, readEarlier} from './earlier.ts';
import {othersRunning} from '../others-running.ts';
import {type EarlierRun, copiesAtOnce, copiesInMemory, scheduleOf} from './schedule.ts';
import {type Room, takeTurns} from './take-turns.ts';

/** What is copied, and who is told. */
export type Copies = {
	readonly saved: SavedMachine;
	/** Of the boot; what the copies complain about is added. */
	readonly problems: ConsoleProblem[];
	/** Called for each copy that could be started, before it is judged. */
	readonly onCopy?: (() => void | Promise<void>) | undefined;
};

/**
 * Runs every scenario on a copy of its own, several at once; one that measures time has the host for itself for as long. One whose copy is lost
 * by the host's fault is run once more, by itself.
 * @returns whether the guest was alive to the end in all of them
 * @throws what is not a guest's fault
 */
export const judgeOnCopies = async (context: RunContext, {saved, problems, onCopy}: Copies): Promise<boolean> => {
	const {plan, artifacts, deadline, emit} = context;
	const selected = new Set(plan.requirements);
	const {together, last} = scheduleOf(plan.scenarios, await readEarlier(saved.directory));
	let alive = true;
	const went: Record<string, EarlierRun> = {};
	const repeated = new Set<Scenario>();
	/** @returns whether it has to be run once more */
	const judge = async (scenario: Scenario, alone?: () => Promise<void>): Promise<boolean> => {
		await using copy = await openCopy(context, {
			saved,
			name: scenario.id,
			needs: scenario,
			problems,
			// A person gets a shell in one that failed.
			disposable: plan.onFail !== 'shell',
		});
		const {running, guest, untilEnd} = copy;
		await onCopy?.();
		const seen = {failed: false};
		let ms = 0;
		let dead: GuestError | undefined;
		try {
			await runScenario(scenario, {
				machine: running.machine,
				image: imageUnderTest(context),
				guest,
				deadline: untilEnd,
				timeoutScale: plan.timeoutScale,
				alone,
				selected,
				emit(event: RunEvent) {
					if (event.type === 'scenario-finished') {
						seen.failed = isBad(event.verdict, plan);
						ms = event.durationMs;
					}

					emit(event);
				},
				keep: artifacts.keep,
				explain: running.explain,
			});
		} catch (error) {
			const reason = await running.explain(error);
			if (deadline.signal.aborted || !(reason instanceof GuestError || reason instanceof HostError)) {
				throw reason;
			}

			// Where its QEMU or its lab ended, the rows of this scenario say so; other copies are not concerned.
			if (reason instanceof GuestError) {
				dead = reason;
				alive = false;
				emit(failureOf(reason));
			}
		}

		const lost = hostFaultOf(untilEnd);
		if (lost !== undefined && !deadline.signal.aborted && !repeated.has(scenario)) {
			repeated.add(scenario);
			const text = `The copy for ${scenario.id} was lost, and its scenario is run again on another one: ${lost.message}`;
			emit({type: 'note', at: wallClockMs(), text});
			return true;
		}

		went[scenario.id] = {ms, failed: seen.failed};
		if (seen.failed) {
			await offerShell(context, {running, opened: copy, dead});
		}

		return false;
	};

	const room = await roomFor(plan, together.length);
	const besideOthers = Math.min(room.held, together.length) > 1;
	const again: Scenario[] = [];
	const jobs = together.map((scenario) => async (alone: () => Promise<void>) => {
		try {
			if (await judge(scenario, alone)) {
				again.push(scenario);
			}
		} catch (error) {
			if (!besideOthers || !isOfTheHost(error) || deadline.signal.aborted) {
				throw error;
			}

			// Perhaps the host cannot carry so many: once more, alone.
			again.push(scenario);
			const text = `The copy for ${scenario.id} could not be started beside others, and is started again: ${error.message}`;
			emit({type: 'note', at: wallClockMs(), text});
		}
	});
	await takeTurns(jobs, room);
	for (const scenario of [...again, ...last]) {
		if (await judge(scenario)) {
			await judge(scenario);
		}
	}

	await keepEarlier(saved.directory, went);
	return alive;
};

/** What took a copy away that is not its guest's fault: the host's memory was full, QEMU broke, its network ended. Once is bad luck. */
const hostFaultOf = ({signal}: Deadline): HostError | undefined => {
	const reason: unknown = signal.aborted ? signal.reason : undefined;
	return reason instanceof HostError ? reason : undefined;
};

/** Whether it may go better with fewer copies. */
const isOfTheHost = (error: unknown): error is HostError =>
	error instanceof HostError && !(error instanceof DamagedMachine || error instanceof NoOverlaySpace);

const isBad = (verdict: Verdict, {strict}: RunPlan): boolean =>
	verdict === 'fail' || verdict === 'error' || (strict && verdict !== 'pass');

const roomFor = async ({onFail, jobs}: RunPlan, copies: number): Promise<Room> => {
	// A person at the terminal gets one failed guest at a time.
	if (onFail === 'shell') {
		return {busy: 1, held: 1};
	}

	if (jobs !== undefined) {
		return {busy: jobs, held: jobs};
	}

	// One alone needs no look at the host.
	return copies > 1 ? {busy: copiesAtOnce(await othersRunning()), held: copiesInMemory()} : {busy: 1, held: 1};
};
