import {floppyFiles} from './floppy.ts';
import type {Profile} from './schema.ts';
import {uefiFiles} from './uefi.ts';

/** A file in QEMU's working directory: some bytes, or a copy of a file of the host's. */
export type MachineFile =
	{readonly name: string; readonly bytes: Uint8Array} | {readonly name: string; readonly copyOf: string};

/** Files that must lie in QEMU's working directory before it starts. */
export const machineFiles = (profile: Profile): readonly MachineFile[] => [
	...floppyFiles(profile),
	...uefiFiles(profile),
];
