import type {KernelOption} from '../core/requirements/ids.ts';
import type {Evidence, Judgement} from '../core/verdict.ts';
import type {KernelAge} from './kernel-age.ts';
import type {KernelConfig} from './kernel-config.ts';

/** What is known beside the configuration. */
export type KernelContext = {
	/** `uname -r`, where the kernel runs or the person says so. */
	readonly release?: string | undefined;
	/** Options whose driver's device was seen working in this boot. */
	readonly seenWorking: ReadonlySet<KernelOption>;
	/** Active security modules (/sys/kernel/security/lsm), where the kernel has the list. */
	readonly lsms?: readonly string[] | undefined;
	/** Whether /proc/sys/kernel/yama is there; undefined: nobody looked. */
	readonly yamaSysctl?: boolean | undefined;
	/** Whether the boot log says "Yama: becoming mindful."; undefined: nobody looked. */
	readonly yamaBootLog?: boolean | undefined;
	/** True when only a file is judged, and nothing was booted. */
	readonly offline: boolean;
};

/** What a rule looks at. */
export type Look = {readonly config: KernelConfig; readonly context: KernelContext; readonly age: KernelAge};
export type KernelRule = (look: Look) => Judgement;

/** `y`, `m`, `n`, another value, or undefined for an option that the configuration does not name. */
export const valueOf = ({config}: Look, option: string): string | undefined => config.options.get(option);

/** `CONFIG_X=y`, `CONFIG_X is not set`, `CONFIG_X is absent`: as a sentence has it. */
export const stateOf = (look: Look, option: string): string => {
	const value = valueOf(look, option);
	if (value === undefined) {
		return `CONFIG_${option} is absent`;
	}

	return value === 'n' ? `CONFIG_${option} is not set` : `CONFIG_${option}=${value}`;
};

/** An option as evidence. */
export const seen = (look: Look, option: string, {expected, holds}: Pick<Evidence, 'expected' | 'holds'>): Evidence => {
	const value = valueOf(look, option);
	return {
		side: 'guest',
		what: `CONFIG_${option}`,
		expected,
		observed: value === undefined ? 'absent' : value === 'n' ? 'not set' : value,
		holds,
	};
};

type Rest = readonly [Evidence, ...Evidence[]];

export const pass = (reason: string, ...evidence: Rest): Judgement => ({verdict: 'pass', reason, evidence});
export const warn = (reason: string, ...evidence: Rest): Judgement => ({verdict: 'warn', reason, evidence});
export const fail = (reason: string, ...evidence: Rest): Judgement => ({verdict: 'fail', reason, evidence});

/** Neither right nor wrong: the version decides, and nobody knows it. */
export const versionUnknown = (reason: string, ...evidence: Rest): Judgement => ({
	verdict: 'error',
	reason,
	evidence,
	fix: 'Keep the configuration’s header line (# Linux/x86 6.1.0 Kernel Configuration): it says which kernel it is for.',
});

/** An option that has to be `y`. */
export const mustBeSet =
	(option: string): KernelRule =>
	(look) => {
		const holds = valueOf(look, option) === 'y';
		const evidence = seen(look, option, {expected: 'y', holds});
		return holds ? pass(`CONFIG_${option}=y`, evidence) : fail(`${stateOf(look, option)}, required y`, evidence);
	};

/** An option that must not be `y`; absent is as good as not set, in Kconfig they are the same. */
export const mustNotBeSet =
	(option: string): KernelRule =>
	(look) => {
		const value = valueOf(look, option);
		const holds = value === undefined || value === 'n';
		const evidence = seen(look, option, {expected: 'not set', holds});
		return holds ? pass(stateOf(look, option), evidence) : fail(`CONFIG_${option}=${value}, required n`, evidence);
	};

/** A driver: `y`, or `m` where its device was seen working, or where nothing was booted that could show it. */
export const mustBeDriven =
	(option: KernelOption): KernelRule =>
	(look) => {
		if (valueOf(look, option) !== 'm') {
			return mustBeSet(option)(look);
		}

		if (look.context.offline) {
			return warn(
				`CONFIG_${option}=m: needs the initramfs; prove it with \`test\``,
				seen(look, option, {expected: 'y', holds: false}),
			);
		}

		const works = look.context.seenWorking.has(option);
		const device: Evidence = {
			side: 'guest',
			what: 'the device that it drives',
			expected: 'working in this boot',
			observed: works ? 'working in this boot' : 'not seen working',
			holds: works,
		};
		const evidence = [seen(look, option, {expected: 'y', holds: false}), device] as const;
		return works
			? warn(`CONFIG_${option}=m, and the device that it drives works in this boot`, ...evidence)
			: fail(`CONFIG_${option}=m, and the device that it drives was not seen working in this boot`, ...evidence);
	};
