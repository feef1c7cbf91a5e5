import {type ConsolePort} from '../console/port.ts';
import {type RootShell} from '../console/root-shell.ts';
import {type Deadline} from '../core/deadline.ts';
import {type Guest, type KnownGuest, createGuest} from '../machine/guest.ts';
import {type RunningMachine} from '../machine/start.ts';
import {bringTools} from '../machine/toolbox/bring-tools.ts';
import {type RunPlan} from './run-plan.ts';
import {plugMs} from './timeouts.ts';

/** A running machine and the root shell in its guest. */
export type OpenGuest = {
	readonly running: RunningMachine;
	readonly shell: RootShell;
	readonly port: ConsolePort;
	readonly guest: Guest;
};

/**
 * The guest behind a root shell. It gets its tools by a disk that is plugged into its machine.
 * @param options.known of a copy
 * @param options.disposable for a copy that nobody sees after its scenario
 */
export const guestOf = (
	{timeoutScale}: RunPlan,
	{
		running,
		shell,
		port,
		deadline,
		known,
		disposable = false,
	}: Omit<OpenGuest, 'guest'> & {
		readonly deadline: Deadline;
		readonly known?: KnownGuest;
		readonly disposable?: boolean;
	},
): Guest =>
	createGuest(shell, {
		shellPort: port.name,
		known,
		disposable,
		bringTools: async (runner, {architecture}, own = deadline) =>
			bringTools({
				guest: runner,
				architecture,
				machine: running.machine,
				deadline: own,
				patienceMs: plugMs * timeoutScale,
			}),
	});

/** One whose image had the time to start. */
export type BootedGuest = OpenGuest & {
	/** The image's own start was over when it was looked at. */
	readonly settled: boolean;
};

/** Makes a guest wrong that is to be wrong on purpose. */
export const spoilGuest = async (
	{guestSetup}: RunPlan,
	{guest, deadline}: {readonly guest: Guest; readonly deadline: Deadline},
): Promise<void> => {
	if (guestSetup !== undefined) {
		const tool = guestSetup.includes('$ETHTOOL') ? `ETHTOOL=${await guest.tool('ethtool')}; ` : '';
		await guest.run(`${tool}${guestSetup}`, {deadline});
	}
};
