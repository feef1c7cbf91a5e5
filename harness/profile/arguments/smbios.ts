import {identityOf} from '../identity.ts';
import {option} from '../run.ts';
import type {Profile} from '../schema.ts';

/**
 * SMBIOS types 0 to 4 and 17. The version of the entry point is no argument: it is patched (harness/qemu/overrides.ts).
 * An empty version is "not specified"; left out, it would be the name of QEMU's machine type.
 */
export const smbiosArguments = (profile: Profile): readonly string[] => {
	const {bios, system, board, partsManufacturer: manufacturer} = profile.smbios;
	const {systemSerial, boardSerial, qemuUuid} = identityOf(profile);
	const tables = [
		{type: 0, ...bios},
		{type: 1, manufacturer: system.manufacturer, product: system.product, version: '', serial: systemSerial},
		{type: 2, manufacturer: board.manufacturer, product: board.product, version: '', serial: boardSerial},
		{type: 3, manufacturer, version: ''},
		{type: 4, manufacturer, version: ''},
		{type: 17, manufacturer},
	];
	return ['-uuid', qemuUuid, ...tables.flatMap((table) => ['-smbios', option('', table)])];
};
