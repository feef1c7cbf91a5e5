import {quoteShell} from '../../core/shell-quote.ts';
import {type Deadline} from '../../core/deadline.ts';
import {type Lab} from '../../lab/open-lab.ts';
import {type CommandOptions, type CommandResult, type Guest} from '../guest.ts';
import {bringBackState, keepState, namespace, namespacePath} from './link-state.ts';
import {type OffloadTools, offloadTools} from './offload-tools.ts';
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
	/** Runs a command where the interface is. `sysfs`: with a /sys that shows it. */
	readonly run: (command: string, options?: CommandOptions & {readonly sysfs?: boolean}) => Promise<CommandResult>;
	/** Runs a single program with its arguments where the interface is: a shell less to start. */
	readonly exec: (words: string) => Promise<CommandResult>;
	/** `ethtool -K`. What the driver refuses is not an error: what is on afterwards tells. */
	readonly set: (setting: Setting) => Promise<void>;
	/** Brings the offloads back to what the image left. */
	readonly restore: () => Promise<void>;
};

/**
 * Takes the guest's interface away from whoever manages it, into a network namespace inside the guest: a fresh IP layer, whose
 * counters are at zero, no firewall, no agent's traffic. Where the kernel has no namespaces the interface is tested where it is.
 * Disposing of it puts it back as the image left it, unless nobody uses the guest afterwards: offloads, MTU, up or down, IPv4 addresses,
 * routes and its own sysctls.
 * @param options.interface its name in the guest
 */
export const openLink = async (
	guest: Guest,
	{
		lab,
		tools,
		deadline,
		interface: name,
	}: {
		readonly lab: Lab;
		readonly tools: OffloadTools;
		readonly deadline: Deadline;
		readonly interface: string;
	},
): Promise<TestLink> => {
	const {address, gateway, mtu} = lab.network;
	const {ip, ethtool} = tools;
	const features = parseFeatures((await guest.run(`${ethtool} -k ${name}`, {deadline})).text);
	const restoring = [settingArguments(settingOf(features)), bitArguments(features)]
		.filter((words) => words !== '')
		.map((words) => `${ethtool} -K ${name} ${words}`)
		.join('\n');
	// In one go: under TCG a program takes longer to start than to do any of this.
	const setUp = (options: string, more = ''): string => `${ip} ${options} -batch - <<'EOF'
${more}link set ${name} mtu ${mtu} up
addr add ${address}/32 dev ${name}
route replace ${gateway}/32 dev ${name}
route replace default via ${gateway} dev ${name}
EOF`;
	const keep = guest.disposable ? '' : keepState(name, restoring, tools);
	const moved = await guest.run(
		`${keep}
${ip} netns add ${namespace} && ${ip} link set ${name} netns ${namespace} || exit 1
${setUp(`-n ${namespace}`, 'link set lo up\n')}`,
		{deadline},
	);
	const isolated = moved.status === 0;
	if (!isolated) {
		// Back to where it was, as far as it went, and written down again for the end.
		const back = guest.disposable
			? `${ip} -n ${namespace} link set ${name} netns 1; ${ip} netns del ${namespace}`
			: bringBackState(tools);
		await guest.run(`${back}\n${keep}\n${setUp('-force')}`, {deadline});
	}

	// `ip netns exec` also makes a mount namespace and mounts sysfs (iproute2, lib/namespace.c): half of what switching takes under TCG.
	const enter = isolated ? `${tools.busybox} nsenter -F -n${namespacePath} ` : '';
	const exec = async (words: string): Promise<CommandResult> => guest.run(`${enter}${words}`, {deadline});
	const run: TestLink['run'] = async (command, {sysfs = false, ...options} = {}) => {
		const inside = sysfs ? `${ip} netns exec ${namespace} ` : enter;
		return guest.run(isolated ? `${inside}/bin/sh -c ${quoteShell(command)}` : command, {deadline, ...options});
	};
	const set = async (setting: Setting): Promise<void> => {
		const words = settingArguments(setting);
		if (words !== '') {
			await exec(`${ethtool} -K ${name} ${words}`);
		}
	};

	const restore = async (): Promise<void> => {
		await run(restoring);
	};

	return {
		name,
		isolated,
		features,
		run,
		exec,
		set,
		restore,
		async [Symbol.asyncDispose]() {
			if (deadline.signal.aborted || guest.disposable) {
				return;
			}

			await guest.run(bringBackState(tools), {deadline});
		},
	};
};

/** Puts the interface back that an earlier test, which ran out of time, left where it was tested. */
export const recoverLink = async (guest: Guest): Promise<void> => {
	await guest.run(bringBackState(await offloadTools(guest)));
};
