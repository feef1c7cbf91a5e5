import {copyFile, rename} from 'node:fs/promises';
import path from 'node:path';
import {type AccessPlan, planAccess} from '../access/plan-access.ts';
import {type Injection, injectShell} from '../access/inject/inject-shell.ts';
import {monotonicMs, wallClockMs} from '../core/clock.ts';
import {Deadline} from '../core/deadline.ts';
import {BootwrightError, GuestError, HostError, messageOf} from '../core/errors.ts';
import {type ConsoleProblem, type RunEvent} from '../core/events.ts';
import {ensureImage} from '../image/build.ts';
import {createOverlay} from '../image/overlay.ts';
import {ensureToolbox} from '../image/toolbox.ts';
import {type SavedMachine, diskOf, memoryOf} from '../machine/saved/saved-machine.ts';
import {type RunningMachine, startMachine} from '../machine/start.ts';
import {bootGuest} from './boot-guest.ts';
import {judgeOnAnyCopy, judgeSaved} from './clones/judge-saved.ts';
import {saveBooted} from './clones/save-booted.ts';
import {openStore} from './clones/store.ts';
import {failureOf} from './failure-event.ts';
import {judgeOnOne} from './judge-on-one.ts';
import {machineScript} from './machine-script.ts';
import {type BootedGuest, type OpenGuest} from './open-guest.ts';
import {type RunContext} from './run-image.ts';
import {type RunLab, openRunLab} from './run-lab.ts';
import {injectMs} from './timeouts.ts';

/** What a boot needs besides. */
export type BootContext = RunContext & {readonly access: AccessPlan; readonly net: RunLab};

/**
 * Judges the image on copies of a machine that was booted earlier, where there is one. Otherwise boots it, opens a way in, saves the
 * machine, and judges on copies of that; where it cannot be saved, on the machine itself.
 * @returns whether the guest came up and was alive to the end
 * @throws the errors that end a run: host, deadline, interruption. A dead guest is an event, not an error.
 */
export const runMachine = async (context: RunContext): Promise<boolean> => {
	if (!savable(context)) {
		return boot(context, undefined).then(({alive}) => alive);
	}

	await using store = openStore(context);
	const known = await judgeSaved(context, store);
	if (known !== undefined) {
		return known;
	}

	let directory: string | undefined;
	try {
		directory = await store.grow();
	} catch (error) {
		noteNoCopies(context, error);
	}

	const {alive, saved, problems, settled} = await boot(context, directory);
	if (saved === undefined) {
		return alive;
	}

	const kept = store.keep(saved);
	const copied = {any: false};
	let stayed: boolean;
	try {
		stayed = await judgeOnAnyCopy(context, {
			saved,
			problems,
			onCopy() {
				copied.any = true;
			},
		});
	} catch (error) {
		if (copied.any) {
			throw error;
		}

		noteNoCopies(context, error);
		const again = await boot(context, undefined);
		return again.alive;
	}

	if (settled && problems.length === 0) {
		await tryPublish(context, kept.publish);
	}

	return stayed;
};

/** A kernel from outside boots in seconds; whoever wants to keep the disk wants that of one machine. */
const savable = ({plan}: RunContext): boolean =>
	plan.reuse !== 'single' && plan.kernel === undefined && plan.gdb === undefined && plan.onFail !== 'keep';

/** A cache that cannot be written costs time, and no verdict. @throws what is not the host's: an interruption, a deadline, the guest's end */
const noteNoCopies = ({emit, deadline}: RunContext, error: unknown): void => {
	deadline.signal.throwIfAborted();
	if (error instanceof BootwrightError && !(error instanceof HostError)) {
		throw error;
	}

	const cure = error instanceof HostError && error.hint !== undefined ? `. To mend it: ${error.hint}` : '';
	const text = `No copies of the booted machine, one boot for all scenarios: ${messageOf(error)}${cure}`;
	emit({type: 'note', at: wallClockMs(), text});
};

/** Keeps a machine for later runs that was up when its start was over, and had nothing to complain about: anything else may be chance. */
const tryPublish = async ({deadline, emit}: RunContext, publish: () => Promise<void>): Promise<void> => {
	try {
		await publish();
	} catch (error) {
		deadline.signal.throwIfAborted();
		const text = `The booted machine is not kept for the next run: ${messageOf(error)}`;
		emit({type: 'note', at: wallClockMs(), text});
	}
};

const gdbSocket = 'gdb.sock';

type Boot = {
	readonly alive: boolean;
	/** Nothing was judged yet: copies of it are to be. */
	readonly saved: SavedMachine | undefined;
	readonly problems: ConsoleProblem[];
	/** The image's own start was over. */
	readonly settled: boolean;
};

/** @param directory where the machine's memory and disk go if it is to be saved */
const boot = async (context: RunContext, directory: string | undefined): Promise<Boot> => {
	const {plan, artifacts, folder} = context;
	await using net = await openRunLab({...context, directory: artifacts.directory, signal: context.deadline.signal});
	const access = planAccess({...plan, ...context, noLab: net.noLab});
	if (access.offerMetadata) {
		net.offerShell();
	}

	// A lab that ends by itself ends the run.
	using deadline = new Deadline({
		phase: 'run',
		budgetMs: context.deadline.remainingMs,
		signal: AbortSignal.any([context.deadline.signal, ...(net.lab === undefined ? [] : [net.lab.ended])]),
	});
	const overlay = directory === undefined ? path.join(folder, 'overlay.qcow2') : diskOf(directory);
	// What is told about the boot is told again by whoever takes the machine up.
	const events: RunEvent[] = [];
	const emit = (event: RunEvent): void => {
		events.push(event);
		context.emit(event);
	};

	const booting = {...context, net, access, deadline, emit};
	await writeScript(booting);
	await createOverlay({...context, qemuImg: plan.qemu.imgPath, path: overlay, signal: deadline.signal});
	const injection = await inject(booting, overlay);
	await using _tools = prepareTools(booting, directory !== undefined);
	let outcome: Boot;
	{
		await using running = await startMachine({
			...plan,
			run: {
				...context.run,
				overlay: {path: overlay},
				gdb: plan.gdb === undefined ? undefined : gdbSocket,
				...(directory !== undefined && {memory: {path: memoryOf(directory), use: 'template'}}),
			},
			network: net.network,
			logDirectory: artifacts.directory,
			boot: {directKernel: plan.kernel !== undefined, kernelConfigFile: plan.configFile},
			signal: deadline.signal,
			onPhase: (phase, ms) => emit({type: 'phase-reached', at: wallClockMs(), phase, ms}),
			onProblem: (problem) => emit({type: 'console-problem', at: wallClockMs(), problem}),
		});
		using untilEnd = new Deadline({
			phase: 'boot',
			budgetMs: Infinity,
			signal: AbortSignal.any([deadline.signal, running.ended]),
		});
		const startedAt = monotonicMs();
		plan.gdb?.(path.join(folder, gdbSocket));
		await running.start();
		const {opened, dead} = await openOrDie(booting, {running, injection, untilEnd});
		const saved =
			opened === undefined || directory === undefined
				? undefined
				: await trySave(booting, {opened, directory, events, startedAt, untilEnd});
		const alive = saved === undefined ? await judgeOnOne(booting, {running, opened, dead, untilEnd, deadline}) : true;
		outcome = {alive, saved, problems: [...running.machine.problems()], settled: opened?.settled === true};
	}

	if (plan.onFail === 'keep' && context.exitCodeSoFar() !== 0) {
		await keep(overlay, artifacts.directory);
		emit({type: 'note', at: wallClockMs(), text: `The overlay is kept: ${artifacts.directory}/overlay.qcow2`});
	}

	return outcome;
};

type Opened = {readonly opened: BootedGuest | undefined; readonly dead: GuestError | undefined};

const openOrDie = async (
	context: BootContext,
	booting: {
		readonly running: RunningMachine;
		readonly injection: Injection | undefined;
		readonly untilEnd: Deadline;
	},
): Promise<Opened> => {
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

const trySave = async (
	context: BootContext,
	{
		opened,
		untilEnd,
		...rest
	}: {
		readonly opened: OpenGuest;
		readonly directory: string;
		readonly events: readonly RunEvent[];
		readonly startedAt: number;
		readonly untilEnd: Deadline;
	},
): Promise<SavedMachine | undefined> => {
	try {
		return await saveBooted(context, opened, {...rest, deadline: untilEnd});
	} catch (error) {
		const reason = await opened.running.explain(error);
		noteNoCopies(context, reason);
		await opened.running.start();
		return undefined;
	}
};

const writeScript = async ({plan, run, artifacts, access, net, candidate}: BootContext): Promise<void> =>
	artifacts.writeScript(
		machineScript(plan, {
			run,
			logDirectory: artifacts.directory,
			access,
			inLab: net.lab !== undefined,
			origin: candidate.origin,
		}),
	);

const inject = async (
	{plan, candidate, access, folder, deadline}: BootContext,
	overlay: string,
): Promise<Injection | undefined> => {
	if (!access.injectFirst) {
		return undefined;
	}

	const appliance = await ensureImage('appliance', {signal: deadline.signal});
	using own = deadline.within('inject', injectMs * plan.timeoutScale);
	return await injectShell({
		appliance,
		qemu: plan.qemu,
		accelerator: plan.accelerator.accelerator,
		directory: path.join(folder, 'appliance'),
		deadline: own,
		candidate,
		overlay: {path: overlay},
	});
};

/** Fetched once for all runs, while the image boots. Where that fails, whoever calls for them says so. */
const prepareTools = ({plan, deadline}: BootContext, always: boolean): AsyncDisposable => {
	const over = new AbortController();
	const signal = AbortSignal.any([deadline.signal, over.signal]);
	const ready =
		always || plan.scenarios.some(({usesTools}) => usesTools)
			? ensureToolbox({signal}).catch(() => undefined)
			: Promise.resolve();
	return {
		async [Symbol.asyncDispose]() {
			over.abort(new Error('the run is over'));
			await ready;
		},
	};
};

/** The two places may be on different file systems. */
const keep = async (overlay: string, directory: string): Promise<void> => {
	const kept = path.join(directory, 'overlay.qcow2');
	await rename(overlay, kept).catch(async () => copyFile(overlay, kept));
};
