import {Option} from 'commander';

/** For options that may be given more than once. */
export const collect = (value: string, previous: readonly string[]): readonly string[] => [...previous, value];

export const accelerator = (): Option =>
	new Option('--accel <which>', 'how the guest runs; auto proves KVM before it chooses it')
		.choices(['auto', 'kvm', 'tcg'])
		.default('auto');
