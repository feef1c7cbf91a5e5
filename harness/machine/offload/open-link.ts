import {quoteShell} from '../../core/shell-quote.ts';
import {type Deadline} from '../../core/deadline.ts';
import {HostError} from '../../core/errors.ts';
import {type Lab} from '../../lab/open-lab.ts';
import {type CommandOptions, type CommandResult, type Guest} from '../guest.ts';
import {netFiles, netInterfaces} from '../observe/net-interfaces.ts';
import {type StateTools, bringBackState, keepState} from './link-state.ts';
import {
	type Features,
	type Setting,
	bitArguments,
	parseFeatures,
	settingArguments,
	settingOf,
} from './ethtool-features.ts';

/** The guest's interface while its offloads are tested. */
export type TestLink = AsyncDisposable & {
	/** In the guest, e.g. `ens4`. */
	readonly name: string;
	/** Whether it was moved to a network namespace of the guest, where nobody else touches it. */
	readonly isolated: boolean;
	/** As the image left them. */
	readonly features: Features;
	/** Runs a command where the interface is. */
	readonly run: (command: string, options?: CommandOptions) => Promise<CommandResult>;
	/** `ethtool -K`. What the driver refuses is not an error: what is on afterwards tells. */
	readonly set: (setting: Setting) => Promise<void>;
	/** Brings the offloads back to what the image left. */
	readonly restore: () => Promise<void>;
};

const namespace = 'bootwright';

/**
 * Takes the guest's interface away from whoever manages it, into a network namespace inside the guest: a fresh IP layer, whose
 * counters are at zero, no firewall, no agent's traffic. Where the kernel has no namespaces the interface is tested where it is.
 * Disposing of it puts it back as the image left it: offloads, MTU, up or down, IPv4 addresses, routes and its own sysctls.
 * @throws HostError where the guest has no such interface or no tools
 */
export const openLink = async (
	guest: Guest,
	{lab, deadline}: {readonly lab: Lab; readonly deadline: Deadline},
): Promise<TestLink> => {
	const {address, gateway, mac, mtu} = lab.network;
	const name = netInterfaces(await guest.readAll(netFiles)).find((link) => link.mac === mac)?.name;
	if (name === undefined) {
		throw new HostError(`The guest shows no interface with the address ${mac}`);
	}

	const ip = await guest.tool('ip');
	const busybox = await guest.tool('busybox');
	// The tools lie in a file system in memory: no disk of the image is written.
	const kept: StateTools = {ip, busybox, directory: ip.slice(0, ip.lastIndexOf('/bin/'))};
	const ethtool = await guest.tool('ethtool');
	const features = parseFeatures((await guest.run(`${ethtool} -k ${name}`, {deadline})).text);
	const setUp = (where: string): string => `${where} link set ${name} mtu ${mtu} up
${where} addr add ${address}/32 dev ${name}
${where} route replace ${gateway}/32 dev ${name}
${where} route replace default via ${gateway} dev ${name}`;
	const moved = await guest.run(
		`${keepState(name, kept)}
${ip} netns add ${namespace} && ${ip} link set ${name} netns ${namespace} || exit 1
${ip} -n ${namespace} link set lo up
${setUp(`${ip} -n ${namespace}`)} || exit 2`,
		{deadline},
	);
	const isolated = moved.status === 0;
	if (!isolated) {
		// Back to where it was, as far as it went. A namespace that ends gives its interfaces back later (net/core/dev.c, cleanup_net).
		const moveBack = `${ip} -n ${namespace} link set ${name} netns 1; ${ip} netns del ${namespace}`;
		await guest.run(`${moveBack}\n${bringBackState(name, kept)}\n${setUp(ip)}`, {deadline});
	}

	const run = async (command: string, options: CommandOptions = {}): Promise<CommandResult> =>
		guest.run(isolated ? `${ip} netns exec ${namespace} /bin/sh -c ${quoteShell(command)}` : command, {
			deadline,
			...options,
		});
	const set = async (setting: Setting): Promise<void> => {
		const words = settingArguments(setting);
		if (words !== '') {
			await run(`${ethtool} -K ${name} ${words}`);
		}
	};

	const restore = async (): Promise<void> => {
		await set(settingOf(features));
		const bits = bitArguments(features);
		if (bits !== '') {
			await run(`${ethtool} -K ${name} ${bits}`);
		}
	};

	return {
		name,
		isolated,
		features,
		run,
		set,
		restore,
		async [Symbol.asyncDispose]() {
			if (deadline.signal.aborted) {
				return;
			}

			await restore();
			const moveBack = isolated ? `${ip} -n ${namespace} link set ${name} netns 1; ${ip} netns del ${namespace}\n` : '';
			await guest.run(`${moveBack}${bringBackState(name, kept)}`, {deadline});
		},
	};
};
