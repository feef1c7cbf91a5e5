import {type KernelOption, type RequirementId, kernelId, kernelOptions} from '../core/requirements/ids.ts';
import {type Lines, baseConfigs, withLines} from './base-configs.ts';
import {parseKernelConfig} from './kernel-config.ts';

/** A kernel configuration with one change, and every row that must then fail, no more and no less. */
export type ConfigMutant = {
	/** `debian-6.1-cloud/KVM_GUEST`. */
	readonly id: string;
	readonly title: string;
	readonly text: string;
	/** Empty: the change must not matter. */
	readonly fails: readonly RequirementId[];
};

/** Every option flipped in every base configuration, and the changes that must not matter. */
export const configMutants = (): readonly ConfigMutant[] =>
	[...baseConfigs()].flatMap(([base, text]) => {
		const changes = [...kernelOptions.map((option) => flip(text, option)), ...legacyOff(text), ...harmless(text)];
		return changes.map(({name, title, lines, fails}) => ({
			id: `${base}/${name}`,
			title: `${base}: ${title}`,
			text: withLines(text, lines),
			fails: fails.map((option) => kernelId(option)),
		}));
	});

type Change = {
	readonly name: string;
	readonly title: string;
	readonly lines: Lines;
	readonly fails: readonly KernelOption[];
};

/** The change that makes one requirement wrong in the language of that kernel; where it does not apply, a stale line. */
const flip = (text: string, option: KernelOption): Change => {
	const {options} = parseKernelConfig(text);
	const change = (lines: Lines, fails: readonly KernelOption[] = [option]): Change => ({
		name: option,
		title: `${option} wrong`,
		lines,
		fails,
	});
	switch (option) {
		case 'DEVKMEM':
		case 'COMPAT_VDSO':
		case 'COMPAT_BRK': {
			return change({[option]: 'y'});
		}

		case 'DEFAULT_MMAP_MIN_ADDR': {
			return change({[option]: '4096'});
		}

		case 'KVM_CLOCK': {
			return change({[option]: 'n'}, options.has(option) ? [option] : []);
		}

		case 'X86_PAE': {
			return change({[option]: 'n'}, options.get('64BIT') === 'y' ? [] : [option]);
		}

		case 'DEBUG_RODATA': {
			return change({[options.has('STRICT_KERNEL_RWX') ? 'STRICT_KERNEL_RWX' : option]: 'n'});
		}

		case 'DEBUG_SET_MODULE_RONX': {
			return change({[options.has('STRICT_MODULE_RWX') ? 'STRICT_MODULE_RWX' : option]: 'n'});
		}

		case 'CC_STACKPROTECTOR': {
			return change(withoutStackProtector(options));
		}

		case 'SECURITY_YAMA': {
			// What is not built in cannot be active: the one change that two rows must show.
			return change({[option]: 'n', SECURITY_YAMA_STACKED: undefined, DEFAULT_SECURITY: ''}, [
				option,
				'SECURITY_YAMA_STACKED',
			]);
		}

		case 'SECURITY_YAMA_STACKED': {
			return change(...yamaNotActive(options));
		}

		default: {
			return change({[option]: 'n'});
		}
	}
};

/** From 4.16 to 4.17 "none" is a choice; elsewhere the lines are not set. */
const withoutStackProtector = (options: ReadonlyMap<string, string>): Lines => {
	const set = options.keys().filter((name) => /^(?:CC_)?STACKPROTECTOR/v.test(name));
	return Object.fromEntries(set.map((name) => [name, name.endsWith('_NONE') ? 'y' : 'n']));
};

const yamaNotActive = (options: ReadonlyMap<string, string>): [Lines, KernelOption[]] => {
	const list = options.get('LSM');
	if (list !== undefined) {
		return [{LSM: `"${list.replace('yama,', '')}"`}, ['SECURITY_YAMA_STACKED']];
	}

	if (options.has('DEFAULT_SECURITY')) {
		return [{DEFAULT_SECURITY: '""'}, ['SECURITY_YAMA_STACKED']];
	}

	// From 4.3 to 5.0 Yama stacks by itself: the line is stale and must not matter.
	return [{SECURITY_YAMA_STACKED: 'n'}, options.has('SECURITY_YAMA_STACKED') ? ['SECURITY_YAMA_STACKED'] : []];
};

const legacyOff = (text: string): readonly Change[] =>
	parseKernelConfig(text).options.has('VIRTIO_PCI_LEGACY')
		? [{name: 'VIRTIO_PCI_LEGACY', title: 'no legacy virtio', lines: {VIRTIO_PCI_LEGACY: 'n'}, fails: ['VIRTIO_PCI']}]
		: [];

const harmless = (text: string): readonly Change[] => {
	const {options} = parseKernelConfig(text);
	const change = (name: string, title: string, lines: Lines): Change => ({name, title, lines, fails: []});
	return [
		change('unchanged', 'nothing changed', {}),
		change('mmap-min-addr-131072', 'a stricter address', {DEFAULT_MMAP_MIN_ADDR: '131072'}),
		change('no-modules', 'no loadable modules', {
			MODULES: 'n',
			STRICT_MODULE_RWX: undefined,
			DEBUG_SET_MODULE_RONX: undefined,
			...Object.fromEntries([...options].filter(([, value]) => value === 'm').map(([name]) => [name, 'y'])),
		}),
		...(options.has('DEVMEM') ? [change('no-devmem', 'no /dev/mem', {DEVMEM: 'n', STRICT_DEVMEM: undefined})] : []),
		...(options.get('STACKPROTECTOR_STRONG') === 'y'
			? [change('plain-stack-protector', 'without the strong form', {STACKPROTECTOR_STRONG: 'n'})]
			: []),
	];
};
