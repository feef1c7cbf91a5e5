import {abortable} from '../core/abortable.ts';
import {Deadline} from '../core/deadline.ts';
import type {QmpClient} from './qmp.ts';

/** Ends QEMU in order: `quit`, then SIGTERM, then SIGKILL, each with its own time. Never throws. */
export const stopQemu = async ({
	child,
	qmp,
	exited,
}: {
	readonly child: {readonly kill: (signal: 'SIGTERM' | 'SIGKILL') => boolean};
	readonly qmp: QmpClient;
	readonly exited: Promise<unknown>;
}): Promise<void> => {
	// The answer to quit may or may not arrive before the end: only the end counts.
	qmp.execute('quit').catch(() => undefined);
	if (await endsWithin(exited, 3000)) {
		return;
	}

	child.kill('SIGTERM');
	if (await endsWithin(exited, 2000)) {
		return;
	}

	child.kill('SIGKILL');
	await exited;
};

const endsWithin = async (exited: Promise<unknown>, budgetMs: number): Promise<boolean> => {
	using deadline = new Deadline({phase: 'qemu-stop', budgetMs});
	try {
		await abortable(exited, deadline.signal);
		return true;
	} catch {
		return false;
	}
};
