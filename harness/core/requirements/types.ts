import {type RequirementId} from './ids.ts';

/** Groups in the order of reports; a group that passed whole is one line there. */
export const requirementGroups = [
	{id: 'pci', title: 'PCI bridges'},
	{id: 'net', title: 'Network adapter'},
	{id: 'scsi', title: 'SCSI disks'},
	{id: 'uart', title: 'Serial ports'},
	{id: 'throughput', title: 'Throughput of the offloads'},
	{id: 'kernel', title: 'Kernel options, required'},
	{id: 'kernel-security', title: 'Kernel options, security'},
	{id: 'sysctl', title: 'Sysctls, security'},
	{id: 'boot', title: 'Boot'},
	{id: 'import', title: 'Import'},
] as const;

export type RequirementGroup = (typeof requirementGroups)[number]['id'];

/** What is written about a requirement, for a person who has to mend an image. */
export type RequirementText = {
	/** What is required, in one line. */
	readonly title: string;
	/** What breaks in the cloud without it. */
	readonly why: string;
	/** How each side of the machine sees it; where the host would only repeat its own flag, it has no say. */
	readonly observed: {readonly guest: string; readonly host?: string};
	/** What to change in the image: lines a person can paste. */
	readonly fix: string;
	/** Where the requirement and the mechanism are written down. */
	readonly source: readonly [string, ...string[]];
};

export type Requirement = RequirementText & {readonly id: RequirementId; readonly group: RequirementGroup};
