import {HostError} from '../../core/errors.ts';
import {type CommandResult} from '../guest.ts';

/**
 * The number of the process that a command has started in the background and told. Nothing else may ever stand behind `kill`: 0 is the
 * shell's own group.
 * @throws HostError with the guest's words where there is none
 */
export const pidOf = ({text, stderr}: Pick<CommandResult, 'text' | 'stderr'>): number => {
	const pid = /^\d+$/v.test(text) ? Number(text) : 0;
	if (pid <= 1) {
		throw new HostError(`A program could not be started in the guest: ${stderr.trim().split('\n').at(-1) ?? ''}`);
	}

	return pid;
};
