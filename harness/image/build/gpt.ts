import {type PlannedPartition, uuidFor} from './partition-plan.ts';
import type {ToolOptions} from './tool.ts';
import type {TreeTools} from './tree-tools.ts';

/** Partition types (UEFI specification 2.10, table 5.7; GRUB manual, "BIOS installation"; Discoverable Partitions Specification). */
const types: Readonly<Record<PlannedPartition['role'], string>> = {
	'bios-boot': '21686148-6449-6E6F-744E-656564454649',
	esp: 'C12A7328-F81F-11D2-BA4B-00A0C93EC93B',
	root: '0FC63DAF-8483-4772-8E79-3D69D8477DE4',
};

/** What sfdisk is told (sfdisk(8), "script"): every identifier is given, so that the same plan gives the same bytes. */
export const gptScript = (partitions: readonly PlannedPartition[], uuid: string): string =>
	[
		'label: gpt',
		`label-id: ${uuidFor(`${uuid} disk`)}`,
		'first-lba: 34',
		...partitions.map(
			({role, start, sectors, uuid: own}) =>
				`start=${start}, size=${sectors}, type=${types[role]}, uuid=${own}, name="${role}"`,
		),
		'',
	].join('\n');

/** Writes a GUID partition table with its protective MBR; what lies in the partitions stays. */
export const writeGpt = async ({
	disk,
	uuid,
	partitions,
	tools,
	options,
}: {
	readonly disk: string;
	/** Of the root file system. */
	readonly uuid: string;
	readonly partitions: readonly PlannedPartition[];
	readonly tools: TreeTools;
	readonly options: ToolOptions;
}): Promise<void> => {
	const args = ['--quiet', '--no-reread', '--no-tell-kernel', '--wipe=never', '--wipe-partitions=never', disk];
	await tools.run('sbin/sfdisk', args, {...options, input: gptScript(partitions, uuid)});
};
