import {cite, kernelHistory} from '../core/requirements/kernel-history.ts';
import type {Evidence} from '../core/verdict.ts';
import {type KernelRule, type Look, fail, pass, seen, stateOf, valueOf} from './kernel-rule.ts';

/**
 * Three languages for one thing: `CC_STACKPROTECTOR` (with `_REGULAR` or `_STRONG` beside it since 3.14), in 4.16 and 4.17
 * one of `CC_STACKPROTECTOR_{REGULAR,STRONG,AUTO}` and no bare line, since 4.18 `STACKPROTECTOR` and `STACKPROTECTOR_STRONG`.
 */
export const stackProtector: KernelRule = (look) => {
	const {spellings, note} = language(look);
	const found = spellings.filter((option) => valueOf(look, option) === 'y');
	const [first] = found;
	if (first === undefined) {
		const [main = 'STACKPROTECTOR'] = spellings;
		const wanted = spellings.map((option) => `CONFIG_${option}`).join(' or ');
		return fail(`${stateOf(look, main)}, required y`, {
			...seen(look, main, {expected: 'y', holds: false}),
			what: wanted,
		});
	}

	const strong = found.find((option) => option.endsWith('_STRONG'));
	const evidence: readonly [Evidence, ...Evidence[]] = [
		seen(look, first, {expected: 'y', holds: true}),
		...found.slice(1).map((option) => seen(look, option, {expected: 'y', holds: true})),
	];
	return pass(`CONFIG_${strong ?? first}=y${strong === undefined ? '' : ': the strong form'}${note}`, ...evidence);
};

const language = ({age, config}: Look): {readonly spellings: readonly string[]; readonly note: string} => {
	const {stackProtectorRenamed: renamed, stackProtectorOutOfKconfig: choice} = kernelHistory;
	if (age.has(renamed) ?? config.options.has('STACKPROTECTOR')) {
		return {
			spellings: ['STACKPROTECTOR', 'STACKPROTECTOR_STRONG'],
			note: `, the name of CONFIG_CC_STACKPROTECTOR since ${cite(renamed)}`,
		};
	}

	const onlyChoice = ['CC_STACKPROTECTOR_STRONG', 'CC_STACKPROTECTOR_REGULAR', 'CC_STACKPROTECTOR_AUTO'];
	return (age.has(choice) ?? !config.options.has('CC_STACKPROTECTOR'))
		? {spellings: onlyChoice, note: `, without a bare line since ${cite(choice)}`}
		: {spellings: ['CC_STACKPROTECTOR', 'CC_STACKPROTECTOR_STRONG'], note: ''};
};
