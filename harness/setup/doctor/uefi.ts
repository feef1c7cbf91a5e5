import {access, constants} from 'node:fs/promises';
import {loadProfile} from '../../profile/load.ts';
import type {Check} from './check.ts';

/** The firmware of the machines that UEFI starts, where their profile has it. Machines of `gce` need none. */
export const checkUefi = async (profile = 'gce-uefi'): Promise<Check> => {
	const {uefi} = (await loadProfile(profile)).firmware;
	const files = Object.values(uefi ?? {});
	const readable = await Promise.all(
		files.map(async (file) =>
			access(file, constants.R_OK)
				.then(() => true)
				.catch(() => false),
		),
	);
	const lacking = files.filter((_, index) => readable[index] !== true);
	const ok = lacking.length === 0;
	return {
		id: 'firmware.uefi',
		title: 'UEFI firmware',
		ok,
		essential: false,
		found: ok ? files.join(', ') : `${lacking.join(', ')} cannot be read: --profile ${profile} cannot be started`,
		cure: ok ? undefined : 'sudo apt-get install ovmf',
	};
};
