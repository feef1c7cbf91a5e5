import {type Injection} from '../access/inject/inject-shell.ts';
import {openShell} from '../access/open-shell.ts';
import {type AccessPlan} from '../access/plan-access.ts';
import {wallClockMs} from '../core/clock.ts';
import {type Deadline} from '../core/deadline.ts';
import {GuestError} from '../core/errors.ts';
import {settle} from '../machine/settle.ts';
import {type RunningMachine} from '../machine/start.ts';
import {failureOf} from './failure-event.ts';
import {type BootedGuest, guestOf} from './open-guest.ts';
import {type RunContext} from './run-image.ts';
import {type RunLab} from './run-lab.ts';
import {settleMs} from './timeouts.ts';

/** What a boot needs besides. */
export type BootContext = RunContext & {readonly access: AccessPlan; readonly net: RunLab};

type Booting = {
	readonly running: RunningMachine;
	readonly injection: Injection | undefined;
	/** Ends also when the guest is known to be dead. */
	readonly untilEnd: Deadline;
};

type Opened = {readonly opened: BootedGuest | undefined; readonly dead: GuestError | undefined};

/** Gets into a guest that is booting. One that dies instead is an event. @throws what is not the guest's fault */
export const openOrDie = async (context: BootContext, booting: Booting): Promise<Opened> => {
	try {
		return {opened: await bootGuest(context, booting), dead: undefined};
	} catch (error) {
		const reason = await booting.running.explain(error);
		if (!(reason instanceof GuestError)) {
			throw reason;
		}

		context.emit(failureOf(reason));
		return {opened: undefined, dead: reason};
	}
};

/** Waits for a way in, and lets the image finish its start. @throws whatever ends a boot; `running.explain` tells what was behind it */
const bootGuest = async (
	{plan, access, net, emit}: BootContext,
	{running, injection, untilEnd}: Booting,
): Promise<BootedGuest> => {
	const {shell, port} = await openShell({
		plan: access,
		injection,
		metadata: net.metadata,
		ports: running.ports,
		deadline: untilEnd,
		timeoutScale: plan.timeoutScale,
		onTried: (tried) => emit({type: 'access-tried', at: wallClockMs(), ...tried}),
	});
	running.opened();
	const guest = guestOf(plan, {running, shell, port, deadline: untilEnd});
	using own = untilEnd.within('settle', settleMs * plan.timeoutScale);
	const {remarks, isOver} = await settle(guest, own);
	for (const text of remarks) {
		emit({type: 'note', at: wallClockMs(), text});
	}

	return {running, shell, port, guest, settled: isOver};
};
