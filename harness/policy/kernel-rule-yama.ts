import {cite, kernelHistory} from '../core/requirements/kernel-history.ts';
import type {Evidence, Judgement} from '../core/verdict.ts';
import {
	type KernelRule,
	type Look,
	fail,
	mustBeSet,
	pass,
	seen,
	stateOf,
	valueOf,
	versionUnknown,
} from './kernel-rule.ts';

/** Stacked with the main security module: by an option in 3.7 to 4.2, by being active at all since 4.3. */
export const yamaActive: KernelRule = (look) => {
	const {yamaStackedRemoved: removed, yamaStackedAdded: added} = kernelHistory;
	// A kernel with the list (since 4.11) needs no other proof of its age.
	const stacksItself = look.context.lsms === undefined ? look.age.has(removed) : true;
	if (stacksItself === undefined) {
		return versionUnknown(
			`${stateOf(look, 'SECURITY_YAMA_STACKED')}, and whether this kernel has it is not known`,
			look.age.evidence(removed),
		);
	}

	if (stacksItself) {
		return look.context.offline ? willBeActive(look) : isActive(look);
	}

	return look.age.has(added) === false ? isMainModule(look) : mustBeSet('SECURITY_YAMA_STACKED')(look);
};

const gone = `option removed in ${cite(kernelHistory.yamaStackedRemoved)}`;

/** From the list of active modules, else from the sysctl or the boot log. */
const isActive = ({context: {lsms, yamaSysctl, yamaBootLog}}: Look): Judgement => {
	if (lsms !== undefined) {
		const evidence = activity('active security modules', lsms.join(','), lsms.includes('yama'));
		return evidence.holds
			? pass(`Yama is active; ${gone}`, evidence)
			: fail('Yama is not among the active security modules', evidence);
	}

	if (yamaSysctl === true || yamaBootLog === true) {
		const evidence =
			yamaSysctl === true
				? activity('/proc/sys/kernel/yama', 'there', true)
				: activity('boot log', 'Yama: becoming mindful.', true);
		return pass(`Yama is active; ${gone}`, evidence);
	}

	return yamaSysctl === false
		? fail('Yama is not active: its sysctl does not exist', activity('/proc/sys/kernel/yama', 'absent', false))
		: {verdict: 'error', reason: 'nothing tells whether Yama is active: no list, no sysctl, no boot log', evidence: []};
};

const activity = (what: string, observed: string, holds: boolean): Evidence => ({
	side: 'guest',
	what,
	expected: 'yama',
	observed,
	holds,
});

/** Offline: built in, and named in CONFIG_LSM by kernels that start by that list. */
const willBeActive = (look: Look): Judgement => {
	const builtIn = mustBeSet('SECURITY_YAMA')(look);
	const list = valueOf(look, 'LSM');
	if (builtIn.verdict !== 'pass' || list === undefined) {
		return builtIn.verdict === 'pass'
			? pass(`CONFIG_SECURITY_YAMA=y, and Yama stacks by itself; ${gone}`, ...builtIn.evidence)
			: builtIn;
	}

	const holds = list.split(',').includes('yama');
	const evidence = [...builtIn.evidence, seen(look, 'LSM', {expected: 'a list with yama', holds})] as const;
	return holds
		? pass(`"yama" is in CONFIG_LSM; ${gone}`, ...evidence)
		: fail('"yama" is not in CONFIG_LSM: it is built in, and does not start', ...evidence);
};

/** 3.4 to 3.6: Yama could only be the one and only module. */
const isMainModule = (look: Look): Judgement => {
	const holds = valueOf(look, 'DEFAULT_SECURITY') === 'yama';
	const evidence = [
		seen(look, 'DEFAULT_SECURITY', {expected: 'yama', holds}),
		look.age.evidence(kernelHistory.yamaStackedAdded),
	] as const;
	return holds
		? pass('Yama is the main security module; stacking came later', ...evidence)
		: fail('Yama is not the main security module, and this kernel cannot stack it', ...evidence);
};
