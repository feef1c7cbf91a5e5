import {copyFile, rename} from 'node:fs/promises';
import path from 'node:path';
import {planAccess} from '../access/plan-access.ts';
import {monotonicMs, wallClockMs} from '../core/clock.ts';
import {Deadline} from '../core/deadline.ts';
import {type ConsoleProblem, type RunEvent} from '../core/events.ts';
import {createOverlay} from '../image/overlay.ts';
import {type SavedMachine, diskOf, memoryOf} from '../machine/saved/saved-machine.ts';
import {startMachine} from '../machine/start.ts';
import {type BootContext, openOrDie} from './boot-guest.ts';
import {isCacheFull} from './clones/cache-full.ts';
import {noteNoCopies} from './clones/note-no-copies.ts';
import {saveBooted} from './clones/save-booted.ts';
import {judgeOnOne} from './judge-on-one.ts';
import {writeScript} from './machine-script.ts';
import {type OpenGuest} from './open-guest.ts';
import {inject, prepareTools} from './prepare-boot.ts';
import {type RunContext} from './run-image.ts';
import {openRunLab} from './run-lab.ts';

/** Where a debugger is waited for, in the run's folder. */
export const gdbSocket = 'gdb.sock';

/** What came of a boot. */
export type Boot = {
	readonly alive: boolean;
	/** Nothing was judged yet: copies of it are to be. */
	readonly saved: SavedMachine | undefined;
	readonly problems: ConsoleProblem[];
	/** The image's own start was over. */
	readonly settled: boolean;
};

/**
 * Boots the image and opens a way in; then saves the machine, or judges on it.
 * @param directory where the machine's memory and disk go if it is to be saved
 */
export const bootMachine = async (context: RunContext, directory: string | undefined): Promise<Boot> => {
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
		endsWith: context.deadline,
	});
	const overlay = directory === undefined ? path.join(folder, 'overlay.qcow2') : diskOf(directory);
	// What is told about the boot is told again by whoever takes the machine up.
	const events: RunEvent[] = [];
	const emit = (event: RunEvent): void => {
		events.push(event);
		context.emit(event);
	};

	const booting = {...context, net, access, deadline, emit};
	await writeScript(context, {access, inLab: net.lab !== undefined});
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
		if (isCacheFull(reason)) {
			// Its memory is a file there: it would not live long.
			throw reason;
		}

		noteNoCopies(context, reason);
		await opened.running.start();
		return undefined;
	}
};

/** The two places may be on different file systems. */
const keep = async (overlay: string, directory: string): Promise<void> => {
	const kept = path.join(directory, 'overlay.qcow2');
	await rename(overlay, kept).catch(async () => copyFile(overlay, kept));
};
