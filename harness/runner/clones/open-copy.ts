import {copyFile, mkdir, mkdtemp, rm} from 'node:fs/promises';
import path from 'node:path';
import {randomBytes} from 'node:crypto';
import {RootShell} from '../../console/root-shell.ts';
import {Deadline} from '../../core/deadline.ts';
import {HostError, messageOf} from '../../core/errors.ts';
import {type ConsoleProblem} from '../../core/events.ts';
import {wallClockMs} from '../../core/clock.ts';
import {isDiskFull, noOverlaySpace} from '../../image/overlay-space.ts';
import {labNetworkOf} from '../../lab/lab-network.ts';
import {type Cable, openCable} from '../../lab/open-cable.ts';
import {type MachineNetwork, type Scenario} from '../../machine/scenario.ts';
import {
	type SavedMachine,
	diskOf,
	emptyOverlayOf,
	memoryOf,
	restoreFacts,
	stateOf,
} from '../../machine/saved/saved-machine.ts';
import {startMachine} from '../../machine/start.ts';
import {type OpenGuest, guestOf} from '../open-guest.ts';
import {type RunContext} from '../run-image.ts';
import {openRunLab} from '../run-lab.ts';
import {keepPlaces, readPlaces} from './places.ts';

/** A copy of a saved machine, running, and the same shell in it. */
export type Copy = AsyncDisposable &
	OpenGuest & {
		/** The run's, which ends also when the machine ends by itself, or its lab. */
		readonly untilEnd: Deadline;
	};

export type OpenCopy = {
	readonly saved: SavedMachine;
	/** Names its logs: a scenario's id. */
	readonly name: string;
	/** What its scenario needs. */
	readonly needs: Pick<Scenario, 'usesLab' | 'bringsTools'>;
	/** Of the machine and all its copies. */
	readonly problems: ConsoleProblem[];
	/** Nobody uses it after that scenario. */
	readonly disposable: boolean;
};

/**
 * Starts a copy: a QEMU of its own that sees the saved memory and disk and keeps to itself what it writes, on a network of its own. The
 * guest's clock is set and its random numbers are stirred before anything else.
 * @throws HostError where it cannot be started or does not answer
 */
export const openCopy = async (context: RunContext, options: OpenCopy): Promise<Copy> => {
	const {plan, candidate, folder, artifacts, deadline, emit} = context;
	const {saved, name, needs, problems, disposable} = options;
	const {directory, about} = saved;
	// A short name, as sockets lie in it, and a new one: a copy that could not be started may be tried again.
	const runDirectory = await mkdtemp(path.join(folder, 'c'));
	const logDirectory = path.join(artifacts.directory, 'copies', name);
	const overlay = path.join(runDirectory, 'overlay.qcow2');
	await using stack = new AsyncDisposableStack();
	stack.defer(async () => rm(runDirectory, {recursive: true, force: true}));
	await mkdir(logDirectory, {recursive: true});
	try {
		await copyFile(emptyOverlayOf(directory), overlay);
	} catch (error) {
		throw isDiskFull(messageOf(error)) ? await noOverlaySpace(runDirectory) : error;
	}

	const [where, known] = await Promise.all([
		networkFor(context, {...options, runDirectory, logDirectory, stack}),
		readPlaces(directory),
	]);
	const knew = known.places !== undefined;
	const running = stack.use(
		await startMachine({
			...plan,
			run: {
				candidate,
				savedDisk: {path: diskOf(directory)},
				overlay: {path: overlay},
				runDirectory,
				memory: {path: memoryOf(directory), use: 'private'},
				incoming: true,
			},
			...where,
			logDirectory,
			boot: {directKernel: false, kernelConfigFile: plan.configFile},
			saved: {
				statePath: stateOf(directory),
				known,
				phases: about.phases,
				problems,
				received: about.received,
				leaseMs: about.leaseMs,
			},
			signal: deadline.signal,
			onProblem: (problem) => emit({type: 'console-problem', at: wallClockMs(), problem}),
		}),
	);
	await running.start();
	if (!knew) {
		await keepPlaces(directory, known);
	}

	const port = running.ports.find((one) => one.name === about.shell.port);
	if (port === undefined) {
		throw new HostError(`The copy has no port ${about.shell.port}, on which its shell is`);
	}

	const shell = stack.use(RootShell.resume(port, about.shell));
	const {tools} = about;
	const ready = tools?.kind === 'plugged' && tools.tools.kind === 'ready' ? tools.tools.directory : undefined;
	await shell.run(wakeUp(ready), {deadline});
	const {network} = where;
	const ended = [running.ended, ...(network.kind === 'lab' ? [network.lab.ended] : [])];
	const signal = AbortSignal.any([deadline.signal, ...ended]);
	const untilEnd = stack.use(new Deadline({phase: 'scenarios', budgetMs: Infinity, signal}));
	const learned = {facts: restoreFacts(about.facts), tools: needs.bringsTools === true ? undefined : tools};
	const guest = guestOf(plan, {running, shell, port, deadline: untilEnd, known: learned, disposable});
	const owned = stack.move();
	return {running, shell, port, guest, untilEnd, [Symbol.asyncDispose]: async () => owned.disposeAsync()};
};

/**
 * The guest believes that no time has passed, and every copy would draw the same random numbers. What is written to the device is mixed
 * into the kernel's pool; `wake` sets the clock and has new keys made of that pool at once. A guest without our tools does by itself what it can:
 * its kernel asks the pool at the next reseed, a minute later at most (drivers/char/random.c, crng_reseed_interval).
 * @param tools where they are in the guest
 */
const wakeUp = (tools: string | undefined): string => {
	const stir = `echo ${randomBytes(64).toString('hex')} >/dev/urandom`;
	const now = Math.round(wallClockMs() / 1000);
	const itself = `date -u -s @${now} >/dev/null`;
	return tools === undefined
		? `${stir}; ${itself}`
		: `${stir}; ${tools}/bin/wake ${now} || ${itself} || ${tools}/bin/busybox ${itself}`;
};

/** What `startMachine` is told of it. Taken down with the copy. */
const networkFor = async (
	{plan, emit, deadline}: RunContext,
	{
		saved,
		needs,
		runDirectory,
		logDirectory,
		stack,
	}: OpenCopy & {
		readonly runDirectory: string;
		readonly logDirectory: string;
		readonly stack: AsyncDisposableStack;
	},
): Promise<{readonly network: MachineNetwork; readonly cable?: Cable}> => {
	if (!saved.about.inLab) {
		return {network: {kind: 'user', why: 'the machine was booted without one'}};
	}

	if (needs.usesLab === true) {
		const {signal} = deadline;
		const net = stack.use(await openRunLab({plan, directory: logDirectory, folder: runDirectory, emit, signal}));
		return {network: net.network};
	}

	return {
		network: {kind: 'user', why: 'the scenario does not say that it uses the lab (usesLab)'},
		cable: stack.use(await openCable(labNetworkOf(plan.profile, plan.labFaults))),
	};
};
