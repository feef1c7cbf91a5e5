import {UsageError} from '../core/errors.ts';
import {type KernelVersion, parseKernelVersion} from './kernel-version.ts';

/** A kernel's `.config`, parsed. */
export type KernelConfig = {
	/** Values by name without `CONFIG_`; `n` for `# CONFIG_X is not set`, strings without their quotes. */
	readonly options: ReadonlyMap<string, string>;
	/** From the header line, where there is one. */
	readonly version: KernelVersion | undefined;
	/** `x86`, `x86_64`, `i386`, `arm64` … from the same line. */
	readonly architecture: string | undefined;
};

/**
 * Parses the text of a `.config`, `/proc/config.gz` (unpacked) or `/boot/config-*`. Where an option is given twice the last
 * line counts, as in the kernel's own reader (scripts/kconfig/confdata.c, conf_read_simple).
 * @throws UsageError when there is not one option in it
 */
export const parseKernelConfig = (text: string): KernelConfig => {
	const options = new Map<string, string>();
	let header: Header | undefined;
	for (const line of text.split('\n')) {
		const [name, value] = readOption(line.trimEnd()) ?? [];
		if (name !== undefined && value !== undefined) {
			options.set(name, value);
		} else {
			header ??= readHeader(line.trimEnd());
		}
	}

	if (options.size === 0) {
		throw new UsageError('not a kernel configuration: no line "CONFIG_…=" or "# CONFIG_… is not set" in it', {
			hint: 'Give the .config of a build, /boot/config-* of an image, or /proc/config.gz of a running kernel.',
		});
	}

	return {options, version: header?.version, architecture: header?.architecture};
};

const readOption = (line: string): readonly [string, string] | undefined => {
	const set = /^CONFIG_(?<name>\w+)=(?<value>.*)$/v.exec(line)?.groups;
	if (set !== undefined) {
		return [set['name'] ?? '', unquote(set['value'] ?? '')];
	}

	const unset = /^# CONFIG_(?<name>\w+) is not set$/v.exec(line)?.groups;
	return unset === undefined ? undefined : [unset['name'] ?? '', 'n'];
};

const unquote = (value: string): string =>
	value.length >= 2 && value.startsWith('"') && value.endsWith('"')
		? value.slice(1, -1).replaceAll(/\\(?<escaped>.)/gv, '$<escaped>')
		: value;

type Header = {readonly version: KernelVersion | undefined; readonly architecture: string | undefined};

/** `# Linux/x86 6.1.176 Kernel Configuration` since 2.6.39; `# Linux kernel version: 2.6.32` before. */
const readHeader = (line: string): Header | undefined => {
	const groups =
		/^# Linux\/(?<architecture>\w+) (?<release>\S+) Kernel Configuration$/v.exec(line)?.groups ??
		/^# Linux kernel version: (?<release>\S+)$/v.exec(line)?.groups;
	return groups === undefined
		? undefined
		: {version: parseKernelVersion(groups['release'] ?? ''), architecture: groups['architecture']};
};

/**
 * Why a configuration cannot be judged, or undefined. A `defconfig` or a fragment leaves out whatever is at its default, so
 * absence says nothing there; CONFIG_X86 has no prompt, no such file carries it, and every complete one does.
 */
export const configDefect = (config: KernelConfig): string | undefined => {
	const {architecture, options} = config;
	if (options.get('X86') === 'y') {
		return undefined;
	}

	return architecture !== undefined && !/^(?:x86(?:_64)?|i386)$/v.test(architecture)
		? `it is for ${architecture}, and the machine is an x86`
		: 'it is not a complete x86 configuration (no CONFIG_X86=y): a defconfig or a fragment leaves out what is at its default';
};
