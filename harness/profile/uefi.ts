import type {MachineFile} from './machine-files.ts';
import {option} from './run.ts';
import type {Profile} from './schema.ts';

/** Each run writes its own: what firmware and guest keep there is gone with the run. */
const variablesFile = 'uefi-variables.fd';

/** The empty store of UEFI variables of a run. */
export const uefiFiles = ({firmware: {uefi}}: Profile): readonly MachineFile[] =>
	uefi === undefined ? [] : [{name: variablesFile, copyOf: uefi.variables}];

/** The two flash chips as nodes (QEMU docs/system/i386/pc.rst; edk2 OvmfPkg/README, "pflash"). */
export const uefiArguments = ({firmware: {uefi}}: Profile): readonly string[] =>
	uefi === undefined
		? []
		: [
				'-blockdev',
				option('', {
					driver: 'file',
					'node-name': chips.pflash0,
					filename: uefi.code,
					'read-only': true,
					'auto-read-only': false,
				}),
				'-blockdev',
				option('', {driver: 'file', 'node-name': chips.pflash1, filename: variablesFile}),
			];

/** Properties of the machine that put the chips where a processor begins. */
export const uefiChips = ({firmware: {uefi}}: Profile) => (uefi === undefined ? {} : chips);

const chips = {pflash0: 'uefi-code', pflash1: 'uefi-variables'} as const;
