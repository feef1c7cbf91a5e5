import {type Injection} from '../access/inject/inject-shell.ts';
import {openShell} from '../access/open-shell.ts';
import {wallClockMs} from '../core/clock.ts';
import {type Deadline} from '../core/deadline.ts';
import {createGuest} from '../machine/guest.ts';
import {settle} from '../machine/settle.ts';
import {type RunningMachine} from '../machine/start.ts';
import {bringTools} from '../machine/toolbox/bring-tools.ts';
import {type BootedGuest} from './open-guest.ts';
import {type BootContext} from './run-machine.ts';
import {plugMs, settleMs} from './timeouts.ts';

type Booting = {
	readonly running: RunningMachine;
	readonly injection: Injection | undefined;
	/** Ends also when the guest is known to be dead. */
	readonly untilEnd: Deadline;
};

/** Waits for a way in, and lets the image finish its start. @throws whatever ends a boot; `running.explain` tells what was behind it */
export const bootGuest = async (
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
	const guest = createGuest(shell, {
		shellPort: port.name,
		bringTools: async (runner, own = untilEnd) =>
			bringTools({
				guest: runner,
				machine: running.machine,
				deadline: own,
				patienceMs: plugMs * plan.timeoutScale,
			}),
	});
	using own = untilEnd.within('settle', settleMs * plan.timeoutScale);
	const {remarks, isOver} = await settle(guest, own);
	for (const text of remarks) {
		emit({type: 'note', at: wallClockMs(), text});
	}

	return {running, shell, port, guest, settled: isOver};
};
