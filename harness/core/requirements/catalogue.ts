import {bootTexts} from './boot.ts';
import {pciAndNetTexts} from './hardware-pci-net.ts';
import {scsiTexts} from './hardware-scsi.ts';
import {uartTexts} from './hardware-uart.ts';
import {
	type RequirementId,
	bootIds,
	hardwareIds,
	importIds,
	kernelId,
	kernelRequiredOptions,
	kernelSecurityOptions,
	requirementIds,
	sysctlId,
	sysctlKeys,
	throughputIds,
} from './ids.ts';
import {kernelRequiredTexts} from './kernel-required.ts';
import {kernelSecurityTexts} from './kernel-security.ts';
import {sysctlText} from './sysctl.ts';
import {throughputTexts} from './throughput.ts';
import {type Requirement, type RequirementGroup} from './types.ts';

const hardwareTexts = {...pciAndNetTexts, ...scsiTexts, ...uartTexts};

const hardwareGroup = (id: string): RequirementGroup => {
	const [, group] = id.split('.');
	return group === 'pci' || group === 'net' || group === 'scsi' ? group : 'uart';
};

/** Everything a run may judge, in the order of reports. */
export const requirements: readonly Requirement[] = [
	...hardwareIds.map((id): Requirement => ({id, group: hardwareGroup(id), ...hardwareTexts[id]})),
	...throughputIds.map((id): Requirement => ({id, group: 'throughput', ...throughputTexts[id]})),
	...kernelRequiredOptions.map((option): Requirement => ({
		id: kernelId(option),
		group: 'kernel',
		...kernelRequiredTexts[option],
	})),
	...kernelSecurityOptions.map((option): Requirement => ({
		id: kernelId(option),
		group: 'kernel-security',
		...kernelSecurityTexts[option],
	})),
	...sysctlKeys.map((key): Requirement => ({id: sysctlId(key), group: 'sysctl', ...sysctlText(key)})),
	...bootIds.map((id): Requirement => ({id, group: 'boot', ...bootTexts[id]})),
	...importIds.map((id): Requirement => ({id, group: 'import', ...bootTexts[id]})),
];

/** True for an id of the catalogue: the border between a word somebody typed and a RequirementId. */
export const isRequirementId = (word: string): word is RequirementId =>
	(requirementIds as readonly string[]).includes(word);
