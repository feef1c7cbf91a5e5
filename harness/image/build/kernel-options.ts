import {parseKernelConfig} from '../../policy/kernel-config.ts';
import type {KernelOptions} from './kernel-recipe.ts';

/** The base's options with a variant's changes, sorted, as Kconfig reads them (KCONFIG_ALLCONFIG, Documentation/kbuild/kconfig.rst). */
export const withOptions = (base: string, changes: KernelOptions): string => {
	const options = new Map<string, string | number>([...parseKernelConfig(base).options, ...Object.entries(changes)]);
	return options
		.entries()
		.toArray()
		.toSorted(([a], [b]) => (a < b ? -1 : 1))
		.map(([name, value]) => (value === 'n' ? `# CONFIG_${name} is not set\n` : `CONFIG_${name}=${value}\n`))
		.join('');
};

/** What was asked for and did not come out: Kconfig drops an option whose dependencies are off, and sets one that others select, without a word. */
export const unmetOptions = (asked: string, made: string): readonly string[] => {
	const {options} = parseKernelConfig(made);
	return parseKernelConfig(asked)
		.options.entries()
		.filter(([name, value]) => (options.get(name) ?? 'n') !== value)
		.map(([name, value]) => `CONFIG_${name} is ${options.get(name) ?? 'absent'}, asked for ${value}`)
		.toArray();
};
