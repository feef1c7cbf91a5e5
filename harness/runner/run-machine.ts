import {rename, copyFile} from 'node:fs/promises';
import path from 'node:path';
import {type Injection, injectShell} from '../access/inject/inject-shell.ts';
import {type OpenedShell, openShell} from '../access/open-shell.ts';
import {type AccessPlan, planAccess} from '../access/plan-access.ts';
import {wallClockMs} from '../core/clock.ts';
import {Deadline} from '../core/deadline.ts';
import {GuestError} from '../core/errors.ts';
import {ensureImage} from '../image/build.ts';
import {createOverlay} from '../image/overlay.ts';
import {createGuest} from '../machine/guest.ts';
import {type RunningMachine, startMachine} from '../machine/start.ts';
import {machineScript} from './machine-script.ts';
import {offerShell} from './offer-shell.ts';
import {type RunContext, failureOf} from './run-image.ts';
import {runScenario} from './run-scenario.ts';
import {injectMs} from './timeouts.ts';

/**
 * Boots the image, opens a way in, and runs the scenarios.
 * @returns whether the guest came up and was alive to the end
 * @throws the errors that end a run: host, deadline, interruption. A dead guest is an event, not an error.
 */
export const runMachine = async (context: RunContext): Promise<boolean> => {
	const {plan, candidate, folder, artifacts, emit, deadline} = context;
	const overlay = path.join(folder, 'overlay.qcow2');
	const access = planAccess({...plan, candidate, known: context.known});
	await createOverlay({qemuImg: plan.qemu.imgPath, candidate, path: overlay, signal: deadline.signal});
	const run = {
		candidate,
		overlay: {path: overlay},
		runDirectory: folder,
		kernel: plan.kernel,
		network: {type: 'user'},
	} as const;
	await artifacts.writeScript(machineScript(plan, {run, logDirectory: artifacts.directory, access}));
	const injection = await inject(context, {access, overlay});
	let alive: boolean;
	{
		await using running = await startMachine({
			...plan,
			run,
			logDirectory: artifacts.directory,
			boot: {directKernel: plan.kernel !== undefined, kernelConfigFile: plan.configFile},
			signal: deadline.signal,
			onPhase: (phase, ms) => emit({type: 'phase-reached', at: wallClockMs(), phase, ms}),
			onProblem: (problem) => emit({type: 'console-problem', at: wallClockMs(), problem}),
		});
		await running.start();
		alive = await bootAndJudge(context, {running, access, injection});
	}

	if (plan.onFail === 'keep' && context.exitCodeSoFar() !== 0) {
		await keep(overlay, artifacts.directory);
		emit({type: 'note', at: wallClockMs(), text: `The overlay is kept: ${artifacts.directory}/overlay.qcow2`});
	}

	return alive;
};

type Prepared = {readonly access: AccessPlan; readonly overlay: string};

const inject = async (
	{plan, candidate, folder, deadline}: RunContext,
	{access, overlay}: Prepared,
): Promise<Injection | undefined> => {
	if (!access.injectFirst) {
		return undefined;
	}

	const appliance = await ensureImage('appliance', {signal: deadline.signal});
	using own = deadline.within('inject', injectMs * plan.timeoutScale);
	return injectShell({
		appliance,
		qemu: plan.qemu,
		accelerator: plan.accelerator.accelerator,
		directory: path.join(folder, 'appliance'),
		deadline: own,
		candidate,
		overlay: {path: overlay},
	});
};

type Booting = {
	readonly running: RunningMachine;
	readonly access: AccessPlan;
	readonly injection: Injection | undefined;
};

const bootAndJudge = async (context: RunContext, booting: Booting): Promise<boolean> => {
	const {plan, deadline, emit} = context;
	const {running} = booting;
	using untilEnd = new Deadline({
		phase: 'boot',
		budgetMs: Infinity,
		signal: AbortSignal.any([deadline.signal, running.ended]),
	});
	let opened: OpenedShell | undefined;
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
	} catch (error) {
		await die(error);
	}

	const guest = opened && createGuest(opened.shell, {shellPort: opened.port.name});
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
	{plan, emit}: RunContext,
	{running, access, injection, untilEnd}: Booting & {readonly untilEnd: Deadline},
): Promise<OpenedShell> => {
	const opened = await openShell({
		plan: access,
		injection,
		ports: running.ports,
		deadline: untilEnd,
		timeoutScale: plan.timeoutScale,
		onTried: (tried) => emit({type: 'access-tried', at: wallClockMs(), ...tried}),
	});
	running.opened();
	if (plan.guestSetup !== undefined) {
		await opened.shell.run(plan.guestSetup, {deadline: untilEnd});
	}

	return opened;
};

/** The two places may be on different file systems. */
const keep = async (overlay: string, directory: string): Promise<void> => {
	const kept = path.join(directory, 'overlay.qcow2');
	await rename(overlay, kept).catch(async () => copyFile(overlay, kept));
};
