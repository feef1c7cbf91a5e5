import {type Injection} from '../access/inject/inject-shell.ts';
import {type OpenedShell, openShell} from '../access/open-shell.ts';
import {wallClockMs} from '../core/clock.ts';
import {Deadline} from '../core/deadline.ts';
import {GuestError} from '../core/errors.ts';
import {type Guest, createGuest} from '../machine/guest.ts';
import {settle} from '../machine/settle.ts';
import {bringTools} from '../machine/toolbox/bring-tools.ts';
import {type RunningMachine} from '../machine/start.ts';
import {failureOf} from './failure-event.ts';
import {offerShell} from './offer-shell.ts';
import {type RunContext} from './run-image.ts';
import {runScenario} from './run-scenario.ts';
import {plugMs, settleMs} from './timeouts.ts';

type Booting = {
	readonly running: RunningMachine;
	readonly injection: Injection | undefined;
};

/**
 * Waits for a way in, lets the image finish its start, and runs the scenarios. A guest that dies is an event; what can be
 * judged without it still is.
 * @returns whether the guest was alive to the end
 */
export const bootAndJudge = async (context: RunContext, booting: Booting): Promise<boolean> => {
	const {plan, deadline, emit} = context;
	const {running} = booting;
	using untilEnd = new Deadline({
		phase: 'boot',
		budgetMs: Infinity,
		signal: AbortSignal.any([deadline.signal, running.ended]),
	});
	let opened: OpenedShell | undefined;
	let guest: Guest | undefined;
	let dead: GuestError | undefined;
	const die = async (error: unknown): Promise<void> => {
		const reason = await running.explain(error);
		if (!(reason instanceof GuestError)) {
			throw reason;
		}

		dead = reason;
		emit(failureOf(reason));
	};

	try {
		opened = await open(context, {...booting, untilEnd});
		guest = createGuest(opened.shell, {
			shellPort: opened.port.name,
			bringTools: async (runner, own = untilEnd) =>
				bringTools({
					guest: runner,
					machine: running.machine,
					deadline: own,
					patienceMs: plugMs * plan.timeoutScale,
				}),
		});
		await prepare(context, {guest, untilEnd});
	} catch (error) {
		await die(error);
	}

	for (const scenario of plan.scenarios) {
		if (dead === undefined || !scenario.needsGuest) {
			try {
				await runScenario(scenario, {
					machine: running.machine,
					guest: dead === undefined ? guest : undefined,
					deadline: dead === undefined ? untilEnd : deadline,
					timeoutScale: plan.timeoutScale,
					selected: new Set(plan.requirements),
					emit,
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

const open = async (
	{plan, access, net, emit}: RunContext,
	{running, injection, untilEnd}: Booting & {readonly untilEnd: Deadline},
): Promise<OpenedShell> => {
	const opened = await openShell({
		plan: access,
		injection,
		metadata: net.metadata,
		ports: running.ports,
		deadline: untilEnd,
		timeoutScale: plan.timeoutScale,
		onTried: (tried) => emit({type: 'access-tried', at: wallClockMs(), ...tried}),
	});
	running.opened();
	return opened;
};

/** Lets the image finish its start; a guest that is to be wrong on purpose is made so then. */
const prepare = async (
	{plan, emit}: RunContext,
	{guest, untilEnd}: {readonly guest: Guest; readonly untilEnd: Deadline},
): Promise<void> => {
	using own = untilEnd.within('settle', settleMs * plan.timeoutScale);
	const remarks = await settle(guest, own);
	for (const text of remarks) {
		emit({type: 'note', at: wallClockMs(), text});
	}

	if (plan.guestSetup !== undefined) {
		const tool = plan.guestSetup.includes('$ETHTOOL') ? `ETHTOOL=${await guest.tool('ethtool')}; ` : '';
		await guest.run(`${tool}${plan.guestSetup}`, {deadline: untilEnd});
	}
};
