import type {KernelSecurityOption} from '../core/requirements/ids.ts';
import {type KernelChange, cite, kernelHistory} from '../core/requirements/kernel-history.ts';
import {
	type KernelRule,
	type Look,
	fail,
	mustBeSet,
	mustNotBeSet,
	pass,
	seen,
	stateOf,
	valueOf,
} from './kernel-rule.ts';
import {stackProtector} from './kernel-rule-stack-protector.ts';
import {yamaActive} from './kernel-rule-yama.ts';

/** Something that need not be protected because it is not there. */
const orWithout =
	(rule: KernelRule, missing: string, what: string): KernelRule =>
	(look) => {
		const judgement = rule(look);
		return judgement.verdict === 'fail' && valueOf(look, missing) === 'n'
			? pass(`stricter: this kernel has no ${what}`, seen(look, missing, {expected: 'y, or not set', holds: true}))
			: judgement;
	};

const devkmem: KernelRule = (look) => {
	const judgement = mustNotBeSet('DEVKMEM')(look);
	const change = kernelHistory.devkmemRemoved;
	return judgement.verdict === 'pass' && look.age.has(change) === true
		? pass(`does not apply: removed in ${cite(change)}`, ...judgement.evidence, look.age.evidence(change))
		: judgement;
};

const mmapMinAddr: KernelRule = (look) => {
	const option = 'DEFAULT_MMAP_MIN_ADDR';
	const value = Number(valueOf(look, option));
	const holds = value >= 65_536;
	const evidence = seen(look, option, {expected: '65536 or more', holds});
	if (!holds) {
		return fail(`${stateOf(look, option)}, required 65536`, evidence);
	}

	return pass(value > 65_536 ? `CONFIG_${option}=${value}: stricter than 65536` : `CONFIG_${option}=65536`, evidence);
};

/** An option that got another name: which one counts is for the version to say, else for what the configuration names. */
const renamed =
	(names: {readonly before: string; readonly since: string}, change: KernelChange): KernelRule =>
	(look: Look) => {
		const isNew = look.age.has(change) ?? valueOf(look, names.before) === undefined;
		const judgement = mustBeSet(isNew ? names.since : names.before)(look);
		return judgement.verdict === 'pass' && isNew
			? pass(`${judgement.reason}, the name of CONFIG_${names.before} since ${cite(change)}`, ...judgement.evidence)
			: judgement;
	};

const pae: KernelRule = (look) =>
	valueOf(look, '64BIT') === 'y'
		? pass('does not apply: a 64-bit kernel', seen(look, '64BIT', {expected: 'y', holds: true}))
		: mustBeSet('X86_PAE')(look);

export const securityRules: Readonly<Record<KernelSecurityOption, KernelRule>> = {
	STRICT_DEVMEM: orWithout(mustBeSet('STRICT_DEVMEM'), 'DEVMEM', '/dev/mem'),
	DEVKMEM: devkmem,
	DEFAULT_MMAP_MIN_ADDR: mmapMinAddr,
	DEBUG_RODATA: renamed({before: 'DEBUG_RODATA', since: 'STRICT_KERNEL_RWX'}, kernelHistory.rwxRenamed),
	DEBUG_SET_MODULE_RONX: orWithout(
		renamed({before: 'DEBUG_SET_MODULE_RONX', since: 'STRICT_MODULE_RWX'}, kernelHistory.rwxRenamed),
		'MODULES',
		'loadable modules',
	),
	CC_STACKPROTECTOR: stackProtector,
	COMPAT_VDSO: mustNotBeSet('COMPAT_VDSO'),
	COMPAT_BRK: mustNotBeSet('COMPAT_BRK'),
	X86_PAE: pae,
	SYN_COOKIES: mustBeSet('SYN_COOKIES'),
	SECURITY_YAMA: mustBeSet('SECURITY_YAMA'),
	SECURITY_YAMA_STACKED: yamaActive,
};
