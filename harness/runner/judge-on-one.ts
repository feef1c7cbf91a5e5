import {type Deadline} from '../core/deadline.ts';
import {GuestError} from '../core/errors.ts';
import {type RunningMachine} from '../machine/start.ts';
import {failureOf} from './failure-event.ts';
import {imageUnderTest} from './image-under-test.ts';
import {offerShell} from './offer-shell.ts';
import {type OpenGuest, spoilGuest} from './open-guest.ts';
import {type RunContext} from './run-image.ts';
import {runScenario} from './run-scenario.ts';

type One = {
	readonly running: RunningMachine;
	/** Undefined where nobody got in. */
	readonly opened: OpenGuest | undefined;
	/** Why not, if the guest is to blame. */
	readonly dead: GuestError | undefined;
	/** Ends also when the guest is known to be dead. */
	readonly untilEnd: Deadline;
	readonly deadline: Deadline;
};

/**
 * Runs all scenarios on one machine, one after the other. A guest that dies is an event; what can be judged without it still is.
 * @returns whether the guest was alive to the end
 * @throws what is not the guest's fault
 */
export const judgeOnOne = async (context: RunContext, one: One): Promise<boolean> => {
	const {plan, artifacts, emit} = context;
	const {running, opened, untilEnd, deadline} = one;
	let {dead} = one;
	const die = async (error: unknown): Promise<void> => {
		const reason = await running.explain(error);
		if (!(reason instanceof GuestError)) {
			throw reason;
		}

		dead = reason;
		emit(failureOf(reason));
	};

	try {
		if (opened !== undefined) {
			await spoilGuest(plan, {guest: opened.guest, deadline: untilEnd});
		}
	} catch (error) {
		await die(error);
	}

	for (const scenario of plan.scenarios) {
		if (dead === undefined || !scenario.needsGuest) {
			try {
				await runScenario(scenario, {
					machine: running.machine,
					image: imageUnderTest(context),
					guest: dead === undefined ? opened?.guest : undefined,
					deadline: dead === undefined ? untilEnd : deadline,
					timeoutScale: plan.timeoutScale,
					selected: new Set(plan.requirements),
					emit,
					keep: artifacts.keep,
					explain: running.explain,
				});
			} catch (error) {
				await die(error);
			}
		}
	}

	await offerShell(context, {running, opened, dead});
	return dead === undefined;
};
