import {UnobservableError} from '../../core/errors.ts';
import {type ToolName} from '../../image/toolbox.ts';
import {type SeenDisk} from './guest-commands.ts';

/** What became of the disk that brings the tools: what the host did with it, and what the guest saw of that. */
export type ToolVisit =
	| {
			/** The host has no such disk. */
			readonly kind: 'unavailable';
			readonly reason: string;
			readonly hint?: string | undefined;
	  }
	| {
			readonly kind: 'plugged';
			/** SCSI target at which the host plugged it. */
			readonly target: number;
			readonly bytes: number;
			/** Of all its bytes, in hex. */
			readonly sha256: string;
			/** How long the guest was given to see it come, and to see it go. */
			readonly patienceMs: number;
			/** As the guest saw it, without being told to look. */
			readonly seen: SeenDisk | undefined;
			/** As the guest read it; undefined where it did not find the disk, or could not read it. */
			readonly digest: string | undefined;
			/** From the request to QEMU's event that the device is gone. */
			readonly deletedMs: number | undefined;
			/** Whether the guest let go of it without being told to; undefined where it had not seen it come. */
			readonly gone: boolean | undefined;
			readonly tools: Tools;
	  };

export type Tools =
	| {readonly kind: 'ready'; /** Absolute, in the guest's memory. */ readonly directory: string}
	| {
			readonly kind: 'none';
			readonly reason: string;
			/** Nothing was read, and the disk is not to blame. */ readonly noMemory: boolean;
	  };

/** Path of the wrapper to call. @throws UnobservableError that says why there is none */
export const toolPath = (visit: ToolVisit, name: ToolName): string => {
	const tools = visit.kind === 'plugged' ? visit.tools : visit;
	if (tools.kind !== 'ready') {
		throw new UnobservableError(`${name} could not be brought into the guest: ${tools.reason}`, {
			hint: visit.kind === 'unavailable' ? visit.hint : undefined,
		});
	}

	return `${tools.directory}/bin/${name}`;
};
