import {type RequirementId, type SysctlKey, sysctlId, sysctlKeys} from '../core/requirements/ids.ts';
import {sysctlFile} from '../core/requirements/sysctl.ts';
import {type SysctlSetting, sysctlSettings} from '../core/requirements/sysctl-settings.ts';
import type {Evidence, Judgement} from '../core/verdict.ts';
import {combinationOf, effective} from './sysctl-effective.ts';
import type {SysctlOrigin} from './sysctl-origins.ts';

/** What was read in the guest. */
export type SysctlObservation = {
	/** By key, as /proc/sys shows it; a key that does not exist is missing here. */
	readonly values: ReadonlyMap<string, string>;
	/** By interface and last part of the key: `ens4` → `rp_filter` → `1`; with `forwarding`, which decides about redirects. */
	readonly perInterface: ReadonlyMap<string, ReadonlyMap<string, string>>;
	/** By key, the keys of interfaces too (sysctlOrigins). */
	readonly setBy: ReadonlyMap<string, SysctlOrigin>;
};

/** Judges the 23 sysctl rows. */
export const judgeSysctls = (observed: SysctlObservation): ReadonlyMap<RequirementId, Judgement> =>
	new Map(sysctlKeys.map((key) => [sysctlId(key), judgeKey(key, observed)]));

const judgeKey = (key: SysctlKey, observed: SysctlObservation): Judgement => {
	const setting = sysctlSettings[key];
	const text = observed.values.get(key)?.trim();
	const expected = setting.order === 'at-least' ? `${setting.required} or more` : String(setting.required);
	if (text === undefined) {
		return {
			verdict: 'fail',
			reason: `${key} does not exist: needs ${setting.provider}`,
			evidence: [{side: 'guest', what: key, expected, observed: 'absent', holds: false}],
			fix: `The running kernel has no ${key}: it needs ${setting.provider}.`,
		};
	}

	const value = integer(text);
	const holds = setting.order === 'at-least' ? value >= setting.required : value === setting.required;
	const evidence: Evidence = {side: 'guest', what: key, expected, observed: text, holds};
	const origin = observed.setBy.get(key);
	if (!holds) {
		const reason = `${key} is ${text}, required ${expected}${remark(key, value)}`;
		return {verdict: 'fail', reason, evidence: [evidence], fix: remedy(key, setting, {origin, text})};
	}

	return (
		judgeInterfaces(key, {value, observed, evidence}) ?? {
			verdict: 'pass',
			reason: praise(value, setting),
			evidence: [evidence],
		}
	);
};

/** NaN for anything but a whole number: it then compares with nothing. */
const integer = (text: string): number => (/^-?\d{1,10}$/v.test(text) ? Number(text) : NaN);

const remark = (key: string, value: number): string =>
	key.endsWith('.rp_filter') && value === 2 ? ' (2 is the loose check: looser than 1)' : '';

const praise = (value: number, {required}: SysctlSetting): string =>
	value > required ? `${value}: stricter than ${required}` : String(value);

const remedy = (
	key: string,
	{required}: Pick<SysctlSetting, 'required'>,
	{origin, text}: {readonly origin: SysctlOrigin | undefined; readonly text: string},
): string => {
	if (origin === undefined) {
		return `No file sets it: echo '${key} = ${required}' >> ${sysctlFile}`;
	}

	const place = `${origin.file} line ${origin.line} sets it to ${origin.value}`;
	return origin.value === String(required)
		? `${place}, and it is ${text} all the same: something changes it later (a network manager, a container engine, "sysctl -w" in a boot script).`
		: `${place}: change that line to "${key} = ${required}".`;
};

type Passed = {readonly value: number; readonly observed: SysctlObservation; readonly evidence: Evidence};

/** What counts on each interface; undefined for a key that interfaces do not have, or that no interface was looked at for. */
const judgeInterfaces = (key: SysctlKey, {value, observed, evidence}: Passed): Judgement | undefined => {
	const name = /^net[.]ipv4[.]conf[.]all[.](?<name>\w+)$/v.exec(key)?.groups?.['name'];
	const setting = sysctlSettings[key];
	if (name === undefined) {
		return undefined;
	}

	const interfaces = [...observed.perInterface].flatMap(([device, values]) => {
		const text = values.get(name)?.trim();
		const combination = combinationOf(name, {forwarding: values.get('forwarding')?.trim() === '1'});
		if (text === undefined || combination === undefined) {
			return [];
		}

		const counts = effective(combination, value, integer(text));
		return {device, text, counts, holds: counts === setting.required};
	});
	const shown = interfaces.map(({device, text, counts, holds}): Evidence => ({
		side: 'guest',
		what: `net.ipv4.conf.${device}.${name}`,
		expected: `${setting.required} together with all`,
		observed: `${text}, together with all ${counts}`,
		holds,
	}));
	const looser = interfaces.filter(({holds}) => !holds);
	if (looser.length === 0) {
		return {verdict: 'pass', reason: praise(value, setting), evidence: [evidence, ...shown]};
	}

	return {
		verdict: 'warn',
		reason: `${key} is ${value}, but looser on ${looser.map(({device, text}) => `${device} (${text})`).join(', ')}`,
		evidence: [evidence, ...shown],
		fix: looser
			.map(({device, text}) => {
				const own = `net.ipv4.conf.${device}.${name}`;
				return `${own}: ${remedy(own, setting, {origin: observed.setBy.get(own), text})}`;
			})
			.join('\n'),
	};
};
