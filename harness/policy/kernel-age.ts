import {type KernelChange, cite, newestVerifiedKernel} from '../core/requirements/kernel-history.ts';
import type {Evidence} from '../core/verdict.ts';
import type {KernelConfig} from './kernel-config.ts';
import {type KernelVersion, compareKernels, kernelVersion, parseKernelVersion} from './kernel-version.ts';

/** What is known of the kernel's version. */
export type KernelAge = {
	/** Whether the kernel has a change; undefined when nothing tells. */
	readonly has: (change: KernelChange) => boolean | undefined;
	/** What that was decided by. */
	readonly evidence: (change: KernelChange) => Evidence;
	/** Says that the kernel is newer than these rules; undefined when it is not. */
	readonly newer: Evidence | undefined;
};

/**
 * The version from `uname -r`, else from the configuration's header, else bounds that the options themselves prove.
 * @param release `uname -r`, or what the person said it would be
 */
export const kernelAge = (config: KernelConfig, release: string | undefined): KernelAge => {
	const exact = (release === undefined ? undefined : parseKernelVersion(release)) ?? config.version;
	const {oldest, newest} = exact === undefined ? bounds(config) : {oldest: known(exact), newest: known(exact)};
	const has = ({since}: KernelChange): boolean | undefined => {
		const first = kernelVersion(since);
		if (oldest !== undefined && compareKernels(oldest.version, first) >= 0) {
			return true;
		}

		return newest !== undefined && compareKernels(newest.version, first) < 0 ? false : undefined;
	};

	const observed = describe(exact, {oldest, newest});
	return {
		has,
		evidence: (change) => ({
			side: 'guest',
			what: 'kernel version',
			expected: `${has(change) === false ? 'before' : 'from'} ${cite(change)}`,
			observed,
			holds: has(change) !== undefined,
		}),
		newer: exact === undefined ? undefined : newerThanRules(exact),
	};
};

type Bound = {readonly version: KernelVersion; readonly proof: string};

const known = (version: KernelVersion): Bound => ({version, proof: ''});

/** Options that were in some releases only: their mere presence, set or not, dates a configuration. */
const clues: ReadonlyArray<{readonly option: string; readonly from?: string; readonly before?: string}> = [
	{option: 'LSM', from: '5.1'},
	{option: 'STACKPROTECTOR', from: '4.18'},
	{option: 'HAVE_STACKPROTECTOR', from: '4.18'},
	{option: 'STRICT_KERNEL_RWX', from: '4.11'},
	{option: 'DEVMEM', from: '4.0'},
	{option: 'HYPERVISOR_GUEST', from: '3.10'},
	{option: 'SECURITY_YAMA_STACKED', from: '3.7', before: '4.3'},
	{option: 'KVM_CLOCK', before: '3.7'},
	{option: 'PARAVIRT_GUEST', before: '3.10'},
	{option: 'DEBUG_RODATA', before: '4.11'},
	{option: 'HAVE_CC_STACKPROTECTOR', before: '4.18'},
	{option: 'CC_STACKPROTECTOR', before: '4.18'},
	{option: 'DEVKMEM', before: '5.13'},
];

/** Both lists of clues are in the order of their strength, so that the first that is there is the tightest. */
const bounds = ({options}: KernelConfig): {readonly oldest: Bound | undefined; readonly newest: Bound | undefined} => {
	const present = clues.filter(({option}) => options.has(option));
	const from = present.find((clue) => clue.from !== undefined);
	const before = present.find((clue) => clue.before !== undefined);
	return {
		oldest: from?.from === undefined ? undefined : {version: kernelVersion(from.from), proof: from.option},
		newest: before?.before === undefined ? undefined : {version: justBefore(before.before), proof: before.option},
	};
};

/** Something older than a release and newer than all before it: enough to compare with. */
const justBefore = (release: string): KernelVersion => {
	const {major, minor} = kernelVersion(release);
	return {major, minor: minor - 0.5, text: release};
};

const describe = (
	exact: KernelVersion | undefined,
	{oldest, newest}: {readonly oldest: Bound | undefined; readonly newest: Bound | undefined},
): string => {
	if (exact !== undefined) {
		return exact.text;
	}

	const proofs = [
		oldest === undefined ? undefined : `CONFIG_${oldest.proof} proves ${oldest.version.text} or newer`,
		newest === undefined ? undefined : `CONFIG_${newest.proof} proves older than ${newest.version.text}`,
	].filter((proof) => proof !== undefined);
	return ['unknown', ...proofs].join('; ');
};

const newerThanRules = (exact: KernelVersion): Evidence | undefined =>
	compareKernels(exact, kernelVersion(newestVerifiedKernel)) <= 0
		? undefined
		: {
				side: 'guest',
				what: `kernel version, newer than ${newestVerifiedKernel} for which these rules were last verified`,
				expected: 'any',
				observed: exact.text,
				holds: true,
			};
