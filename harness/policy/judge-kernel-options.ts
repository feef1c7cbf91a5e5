import {type RequirementId, kernelId, kernelOptions} from '../core/requirements/ids.ts';
import type {Evidence, Judgement} from '../core/verdict.ts';
import {kernelAge} from './kernel-age.ts';
import {type KernelConfig, configDefect} from './kernel-config.ts';
import type {KernelContext} from './kernel-rule.ts';
import {requiredRules} from './kernel-rules-required.ts';
import {securityRules} from './kernel-rules-security.ts';
import {compareKernels, parseKernelVersion} from './kernel-version.ts';

const rules = {...requiredRules, ...securityRules};

/**
 * Judges the 18 kernel rows from a configuration. A configuration that says nothing about the kernel in question (another
 * release, another architecture, only a fragment) makes every row an error, never a verdict.
 */
export const judgeKernelOptions = (
	config: KernelConfig,
	context: KernelContext,
): ReadonlyMap<RequirementId, Judgement> => {
	const defect = configDefect(config) ?? otherKernel(config, context.release);
	const age = kernelAge(config, context.release);
	const judge = (option: (typeof kernelOptions)[number]): Judgement =>
		defect === undefined
			? withNote(rules[option]({config, context, age}), age.newer)
			: {verdict: 'error', reason: `The kernel configuration cannot be judged: ${defect}`, evidence: []};
	return new Map(kernelOptions.map((option) => [kernelId(option), judge(option)]));
};

/** Why a configuration belongs to another kernel than the one that runs, or undefined. */
export const otherKernel = (config: KernelConfig, release: string | undefined): string | undefined => {
	const running = release === undefined ? undefined : parseKernelVersion(release);
	return running === undefined || config.version === undefined || compareKernels(running, config.version) === 0
		? undefined
		: `it is for Linux ${config.version.text}, and the kernel is ${running.text}`;
};

const withNote = (judgement: Judgement, note: Evidence | undefined): Judgement => {
	if (note === undefined) {
		return judgement;
	}

	return judgement.verdict === 'pass'
		? {...judgement, evidence: [...judgement.evidence, note]}
		: {...judgement, evidence: [...judgement.evidence, note]};
};
