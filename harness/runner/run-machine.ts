import {wallClockMs} from '../core/clock.ts';
import {messageOf} from '../core/errors.ts';
import {type RunEvent} from '../core/events.ts';
import {NoOverlaySpace} from '../image/overlay-space.ts';
import {type Boot, bootMachine} from './boot-machine.ts';
import {giveUpGrowing, isCacheFull} from './clones/cache-full.ts';
import {judgeOnAnyCopy, judgeSaved} from './clones/judge-saved.ts';
import {noteNoCopies} from './clones/note-no-copies.ts';
import {openStore} from './clones/store.ts';
import {type RunContext} from './run-image.ts';

/**
 * Judges the image on copies of a machine that was booted earlier, where there is one. Otherwise boots it, opens a way in, saves the
 * machine, and judges on copies of that; where it cannot be saved, on the machine itself.
 * @returns whether the guest came up and was alive to the end
 * @throws the errors that end a run: host, deadline, interruption. A dead guest is an event, not an error.
 */
export const runMachine = async (context: RunContext): Promise<boolean> => {
	if (!savable(context)) {
		return bootMachine(context, undefined).then(({alive}) => alive);
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

	const {alive, saved, problems, settled} = await bootToSave(context, directory);
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
		if (copied.any || error instanceof NoOverlaySpace) {
			throw error;
		}

		noteNoCopies(context, error);
		const again = await bootMachine(context, undefined);
		return again.alive;
	}

	if (settled && problems.length === 0) {
		await tryPublish(context, kept.publish);
	}

	return stayed;
};

/** Where the cache's disk fills up under it before anything was judged, boots once more and saves nothing. */
const bootToSave = async (context: RunContext, directory: string | undefined): Promise<Boot> => {
	const judged = {any: false};
	const emit = (event: RunEvent): void => {
		judged.any ||= event.type === 'scenario-started';
		context.emit(event);
	};

	try {
		return await bootMachine({...context, emit}, directory);
	} catch (error) {
		if (directory === undefined || judged.any || !isCacheFull(error)) {
			throw error;
		}

		noteNoCopies(context, await giveUpGrowing(directory, error));
		return bootMachine(context, undefined);
	}
};

/** A kernel from outside boots in seconds; whoever wants to keep the disk wants that of one machine. */
const savable = ({plan}: RunContext): boolean =>
	plan.reuse !== 'single' && plan.kernel === undefined && plan.gdb === undefined && plan.onFail !== 'keep';

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
