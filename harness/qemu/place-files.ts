import {copyFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {HostError, messageOf} from '../core/errors.ts';
import type {MachineFile} from '../profile/machine-files.ts';

/**
 * Puts the files of a machine into the directory that its QEMU will sit in.
 * @throws HostError where the host lacks one that is to be copied
 */
export const placeFiles = async (files: readonly MachineFile[], directory: string): Promise<void> => {
	for (const file of files) {
		const place = path.join(directory, file.name);
		if ('bytes' in file) {
			await writeFile(place, file.bytes);
		} else {
			await copyFile(file.copyOf, place).catch((error: unknown) => {
				throw new HostError(`The machine's firmware cannot be read: ${messageOf(error)}`, {
					hint: 'sudo apt-get install ovmf; or a profile of your own names other files (firmware: uefi:)',
					cause: error,
				});
			});
		}
	}
};
