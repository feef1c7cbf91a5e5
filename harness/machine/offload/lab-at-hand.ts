import {type Evidence, equal} from '../../core/verdict.ts';
import {type RequirementId} from '../../core/requirements/ids.ts';
import {type Lab} from '../../lab/open-lab.ts';
import {type Guest} from '../guest.ts';
import {netFiles, netInterfaces} from '../observe/net-interfaces.ts';
import {type ScenarioContext} from '../scenario.ts';
import {withoutLab} from './no-lab.ts';

/**
 * The lab in which offloads can be tested. Where there is none, or the guest has no interface at its end of the cable, the rows are
 * settled: `skip` for the host's lack, `fail` for the image's.
 */
export const labAtHand = async (
	rows: readonly RequirementId[],
	{guest, machine: {network}, judge}: Pick<ScenarioContext, 'machine' | 'judge'> & {readonly guest: Guest},
): Promise<Lab | undefined> => {
	const verdict = network.kind === 'user' ? withoutLab(network) : await withoutInterface(guest, network.lab);
	if (network.kind === 'lab' && verdict === undefined) {
		return network.lab;
	}

	for (const row of rows) {
		judge(row, verdict ?? []);
	}

	return undefined;
};

const withoutInterface = async (guest: Guest, lab: Lab): Promise<readonly Evidence[] | undefined> => {
	const {mac} = lab.network;
	const links = netInterfaces(await guest.readAll(netFiles));
	return links.some((link) => link.mac === mac)
		? undefined
		: [equal('guest', `network interface with the address ${mac}`, {expected: 'there', observed: undefined})];
};
