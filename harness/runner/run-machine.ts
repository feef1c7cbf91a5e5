import {rename, copyFile} from 'node:fs/promises';
import path from 'node:path';
import {type Injection, injectShell} from '../access/inject/inject-shell.ts';
import {wallClockMs} from '../core/clock.ts';
import {Deadline} from '../core/deadline.ts';
import {ensureImage} from '../image/build.ts';
import {createOverlay} from '../image/overlay.ts';
import {ensureToolbox} from '../image/toolbox.ts';
import {startMachine} from '../machine/start.ts';
import {bootAndJudge} from './boot-and-judge.ts';
import {type RunContext} from './run-image.ts';
import {injectMs} from './timeouts.ts';

/**
 * Boots the image, opens a way in, and runs the scenarios.
 * @returns whether the guest came up and was alive to the end
 * @throws the errors that end a run: host, deadline, interruption. A dead guest is an event, not an error.
 */
export const runMachine = async (context: RunContext): Promise<boolean> => {
	const {plan, candidate, run, net, artifacts, emit} = context;
	// A lab that ends by itself ends the run.
	using deadline = new Deadline({
		phase: 'run',
		budgetMs: context.deadline.remainingMs,
		signal: AbortSignal.any([context.deadline.signal, ...(net.lab === undefined ? [] : [net.lab.ended])]),
	});
	const overlay = run.overlay.path;
	await createOverlay({qemuImg: plan.qemu.imgPath, candidate, path: overlay, signal: deadline.signal});
	const injection = await inject({...context, deadline});
	await using _tools = prepareTools({...context, deadline});
	let alive: boolean;
	{
		await using running = await startMachine({
			...plan,
			run,
			network: net.network,
			logDirectory: artifacts.directory,
			boot: {directKernel: plan.kernel !== undefined, kernelConfigFile: plan.configFile},
			signal: deadline.signal,
			onPhase: (phase, ms) => emit({type: 'phase-reached', at: wallClockMs(), phase, ms}),
			onProblem: (problem) => emit({type: 'console-problem', at: wallClockMs(), problem}),
		});
		await running.start();
		alive = await bootAndJudge({...context, deadline}, {running, injection});
	}

	if (plan.onFail === 'keep' && context.exitCodeSoFar() !== 0) {
		await keep(overlay, artifacts.directory);
		emit({type: 'note', at: wallClockMs(), text: `The overlay is kept: ${artifacts.directory}/overlay.qcow2`});
	}

	return alive;
};

const inject = async ({plan, candidate, access, run, folder, deadline}: RunContext): Promise<Injection | undefined> => {
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
		overlay: run.overlay,
	});
};

/** Fetched once for all runs, while the image boots. Where that fails, whoever calls for them says so. */
const prepareTools = ({plan, deadline}: RunContext): AsyncDisposable => {
	const over = new AbortController();
	const signal = AbortSignal.any([deadline.signal, over.signal]);
	const ready = plan.scenarios.some(({usesTools}) => usesTools)
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
