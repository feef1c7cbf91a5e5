import {InvalidArgumentError, Option} from 'commander';

/** What `bootwright list` knows. */
export const listed = ['requirements', 'scenarios', 'profiles', 'images', 'mutants'] as const;

/** What `bootwright completion` writes scripts for. */
export const shells = ['bash', 'zsh', 'fish'] as const;

/** For options that may be given more than once. */
export const collect = (value: string, previous: readonly string[]): readonly string[] => [...previous, value];

export const accelerator = (): Option =>
	new Option('--accel <which>', 'how the guest runs; auto proves KVM before it chooses it')
		.choices(['auto', 'kvm', 'tcg'])
		.default('auto');

/** A number of things: 1 or more. */
export const count = (text: string): number => {
	if (!/^[1-9]\d{0,3}$/.test(text)) {
		throw new InvalidArgumentError('It must be a whole number from 1 on.');
	}

	return Number(text);
};
