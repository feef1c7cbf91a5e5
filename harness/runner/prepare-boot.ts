import path from 'node:path';
import {type Injection, injectShell} from '../access/inject/inject-shell.ts';
import {ensureImage} from '../image/build.ts';
import {ensureToolbox} from '../image/toolbox.ts';
import {type BootContext} from './boot-guest.ts';
import {injectMs} from './timeouts.ts';

/** Adds a root shell to the overlay where the plan wants that. */
export const inject = async (
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
export const prepareTools = ({plan, deadline}: BootContext, always: boolean): AsyncDisposable => {
	const over = new AbortController();
	const signal = AbortSignal.any([deadline.signal, over.signal]);
	const ready =
		always || plan.scenarios.some(({usesTools}) => usesTools)
			? // Nearly every guest is one; the few others wait for theirs.
				ensureToolbox('amd64', {signal}).catch(() => undefined)
			: Promise.resolve();
	return {
		async [Symbol.asyncDispose]() {
			over.abort(new Error('the run is over'));
			await ready;
		},
	};
};
