import {cp, rm} from 'node:fs/promises';
import path from 'node:path';
import {planAccess} from '../../access/plan-access.ts';
import {HostError} from '../../core/errors.ts';
import {type ConsoleProblem} from '../../core/events.ts';
import {utcMinute, wallClockMs} from '../../core/clock.ts';
import {NoOverlaySpace} from '../../image/overlay-space.ts';
import {type SavedMachine, bootLogsOf} from '../../machine/saved/saved-machine.ts';
import {writeScript} from '../machine-script.ts';
import {judgeOnOne} from '../judge-on-one.ts';
import {type RunContext} from '../run-image.ts';
import {DamagedMachine} from './damaged-machine.ts';
import {type Copies, judgeOnCopies} from './judge-on-copies.ts';
import {noteBootedAnew} from './note-booted-anew.ts';
import {openCopy} from './open-copy.ts';
import {type Store} from './store.ts';

/**
 * Judges the image on a machine of an earlier run.
 * @returns as `runMachine`; undefined where there is no such machine, or none that can be taken up
 */
export const judgeSaved = async (context: RunContext, store: Store): Promise<boolean | undefined> => {
	const saved = await store.find();
	if (saved === undefined) {
		return undefined;
	}

	const copied = {any: false};
	const problems: ConsoleProblem[] = [];
	const onCopy = async (): Promise<void> => {
		if (!(await saved.unchanged)) {
			throw new DamagedMachine(`its files in ${saved.directory} are not what was saved`);
		}

		if (!copied.any) {
			copied.any = true;
			tellAgain(context, saved, problems);
		}
	};

	const copying = copyArtifacts(context, saved);
	copying.catch(() => undefined);
	try {
		const alive = await judgeOnAnyCopy(context, {saved, problems, onCopy});
		await copying;
		return alive;
	} catch (error) {
		// Nothing of that boot may still be written when another one begins.
		await copying.catch(() => undefined);
		context.deadline.signal.throwIfAborted();
		// A copy of damaged memory does anything: panics, says nothing, lacks a file. That is not the image's fault.
		const damaged = !(await saved.unchanged);
		if (copied.any || error instanceof NoOverlaySpace || !(damaged || error instanceof HostError)) {
			throw error;
		}

		noteBootedAnew(context, error);
		if (damaged) {
			await store.discard(saved);
		}

		await rm(path.join(context.artifacts.directory, 'copies'), {recursive: true, force: true});
		return undefined;
	}
};

/** Judges on copies of a saved machine: a guest that is wrong on purpose on a single one, which has been made wrong. */
export const judgeOnAnyCopy = async (context: RunContext, copies: Copies): Promise<boolean> => {
	const {plan, deadline} = context;
	if (plan.guestSetup === undefined) {
		return judgeOnCopies(context, copies);
	}

	// What was done to it may concern how tools come in.
	await using copy = await openCopy(context, {
		...copies,
		name: 'one',
		needs: {usesLab: true, bringsTools: true},
		disposable: false,
	});
	await copies.onCopy?.();
	const {running, untilEnd} = copy;
	return await judgeOnOne(context, {running, opened: copy, dead: undefined, untilEnd, deadline});
};

/** The boot, as it was told when it happened. */
const tellAgain = ({emit}: RunContext, {about}: SavedMachine, problems: ConsoleProblem[]): void => {
	const at = wallClockMs();
	for (const event of about.events) {
		emit({...event, at});
		if (event.type === 'console-problem') {
			problems.push(event.problem);
		}
	}

	const took = (about.bootMs / 1000).toFixed(1);
	emit({
		type: 'note',
		at,
		text: `Not booted: copies of the machine that was booted on ${utcMinute(about.savedAt)} UTC, which took ${took} s (--fresh boots anew)`,
	});
};

/** As if it had been booted now: the logs of the boot, and the script that starts the machine. */
const copyArtifacts = async (context: RunContext, {directory, about}: SavedMachine): Promise<void> => {
	const {artifacts, plan} = context;
	await cp(bootLogsOf(directory), artifacts.directory, {recursive: true});
	const noLab = about.inLab ? undefined : {why: 'the machine was booted without one'};
	await writeScript(context, {access: planAccess({...plan, ...context, noLab}), inLab: about.inLab});
};
