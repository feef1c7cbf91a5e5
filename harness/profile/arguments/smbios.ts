import {identityOf} from '../identity.ts';
import {option} from '../run.ts';
import type {Profile} from '../schema.ts';

/** SMBIOS types 0, 1 and 2. The version of the entry point is no argument: it is patched (harness/qemu/overrides.ts). */
export const smbiosArguments = (profile: Profile): readonly string[] => {
	const {bios, system, board} = profile.smbios;
	const {systemSerial, boardSerial, qemuUuid} = identityOf(profile);
	return [
		'-uuid',
		qemuUuid,
		'-smbios',
		option('', {type: 0, vendor: bios.vendor, version: bios.version, date: bios.date}),
		'-smbios',
		option('', {type: 1, manufacturer: system.manufacturer, product: system.product, serial: systemSerial}),
		'-smbios',
		option('', {type: 2, manufacturer: board.manufacturer, product: board.product, serial: boardSerial}),
	];
};
