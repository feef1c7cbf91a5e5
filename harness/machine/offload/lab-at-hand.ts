import {type Evidence, equal} from '../../core/verdict.ts';
import {type RequirementId} from '../../core/requirements/ids.ts';
import {type Lab} from '../../lab/open-lab.ts';
import {type Guest} from '../guest.ts';
import {netFiles, netInterfaces} from '../observe/net-interfaces.ts';
import {type ScenarioContext} from '../scenario.ts';
import {withoutLab} from './no-lab.ts';
import {recoverLink} from './open-link.ts';

/** A lab, and the guest's interface at its end of the cable. */
export type LabAtHand = {readonly lab: Lab; readonly interface: string};

/**
 * The lab in which offloads can be tested. Where there is none, or the guest has no interface at its end of the cable, the rows are
 * settled: `skip` for the host's lack, `fail` for the image's.
 */
export const labAtHand = async (
	rows: readonly RequirementId[],
	{guest, machine: {network}, judge}: Pick<ScenarioContext, 'machine' | 'judge'> & {readonly guest: Guest},
): Promise<LabAtHand | undefined> => {
	const found = network.kind === 'user' ? withoutLab(network) : await findInterface(guest, network.lab);
	if ('interface' in found) {
		return found;
	}

	for (const row of rows) {
		judge(row, found);
	}

	return undefined;
};

const findInterface = async (guest: Guest, lab: Lab): Promise<LabAtHand | readonly Evidence[]> => {
	const {mac} = lab.network;
	const find = async () => netInterfaces(await guest.readAll(netFiles)).find((link) => link.mac === mac)?.name;
	const shown = await find();
	if (shown !== undefined) {
		return {lab, interface: shown};
	}

	// Without tools no earlier test can have left it elsewhere.
	const visit = await guest.toolbox();
	const hasTools = visit.kind === 'plugged' && visit.tools.kind === 'ready';
	const recovered = hasTools ? await recoverLink(guest).then(find) : undefined;
	return recovered === undefined
		? [equal('guest', `network interface with the address ${mac}`, {expected: 'there', observed: undefined})]
		: {lab, interface: recovered};
};
