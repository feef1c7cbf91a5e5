import {
	type Evidence,
	type FileDump,
	type Judgement,
	type Machine,
	type ScsiAnswers,
	type ScsiTarget,
	askDisk,
	askVirtioStatus,
	bootDisk,
	devicesOfType,
	equal,
	hex,
	parseBlockLimits,
	parseDeviceTree,
	parseProvisioning,
	requestInterrupts,
	scenario,
	scsiAdapters,
	scsiFiles,
	scsiTargets,
	virtioEvidence,
	virtioFiles,
} from '../harness/index.ts';

const adapter = {
	name: 'virtio-scsi',
	device: 0x10_04,
	subsystem: 8,
	address: '00:03.0',
	driver: 'virtio_scsi',
} as const;

export default scenario({
	id: 'scsi',
	title: 'Single-queue virtio-scsi with 512-byte sectors on 4 KiB blocks',
	proves: [
		'hw.scsi.identity',
		'hw.scsi.spc4',
		'hw.scsi.sbc3',
		'hw.scsi.single-queue',
		'hw.scsi.block-size',
		'hw.scsi.only-disks',
	],
	needsGuest: true,
	usesTools: true,
	async run({guest, machine, judge}) {
		const dump = await guest.readAll([...virtioFiles, ...scsiFiles]);
		const disk = bootDisk(dump);
		const answers = await askDisk(guest, disk);
		judge('hw.scsi.identity', await virtioEvidence(adapter, dump, machine));
		judge('hw.scsi.spc4', primaryCommands(answers, disk));
		judge('hw.scsi.sbc3', blockCommands(answers, disk, (await guest.facts()).kernelRelease));
		judge('hw.scsi.single-queue', await queues(dump, machine));
		judge('hw.scsi.block-size', [
			equal('guest', `physical block size of ${nameOf(disk)}`, {expected: 4096, observed: disk?.physicalBlockSize}),
			equal('guest', `logical block size of ${nameOf(disk)}`, {expected: 512, observed: disk?.logicalBlockSize}),
		]);
		judge('hw.scsi.only-disks', await onlyDisks(dump, machine));
	},
});

const nameOf = (disk: ScsiTarget | undefined): string => disk?.block ?? 'the boot disk';

/** SPC-4 6.6.2, table 174: VERSION 06h. The kernel counts one higher (include/scsi/scsi.h, SCSI_SPC_4). */
const primaryCommands = ({inquiry}: ScsiAnswers, disk: ScsiTarget | undefined): readonly Evidence[] => [
	...(inquiry === undefined
		? []
		: [equal('guest', 'byte 2 of the INQUIRY data', {expected: '06', observed: hex(inquiry.readUInt8(2), 2)})]),
	equal('guest', 'scsi_level that the kernel made of it', {expected: 7, observed: disk?.scsiLevel}),
];

/** SBC-3 made page B0 3Ch long (SBC-2: 0Ch), and brought page B2 and the LBPME bit of READ CAPACITY(16). */
const blockCommands = (
	answers: ScsiAnswers,
	disk: ScsiTarget | undefined,
	release: string,
): Judgement | readonly Evidence[] => {
	const limits = parseBlockLimits(answers.page(0xb0));
	const provisioning = parseProvisioning(answers.page(0xb2));
	const evidence = [
		equal('guest', 'LBPME of READ CAPACITY(16)', {
			expected: 1,
			observed: answers.lbpme === undefined ? undefined : Number(answers.lbpme),
		}),
		page('VPD page B0 (block limits)', {least: 0x3c, length: limits?.pageLength, listed: answers.lists(0xb0)}),
		page('VPD page B2 (logical block provisioning)', {
			least: 0x04,
			length: provisioning?.pageLength,
			listed: answers.lists(0xb2),
		}),
	].filter((one) => one !== undefined);
	return evidence.length === 3 || disk === undefined
		? evidence
		: {
				verdict: 'skip',
				reason: `Linux ${release} does not show VPD pages in sysfs (B0 and B2: 5.19 or newer), and the image has no sg3-utils`,
				evidence,
				fix: 'Install sg3-utils (sg_vpd, sg_readcap) in the image for the test.',
			};
};

type Page = {readonly least: number; readonly length: number | undefined; readonly listed: boolean | undefined};

/** A page by its own bytes, else by what page 00 says; undefined where the guest can show neither. */
const page = (what: string, {least, length, listed}: Page): Evidence | undefined => {
	if (length !== undefined) {
		return {
			side: 'guest',
			what: `page length of ${what}`,
			expected: `${hex(least, 2)} or more`,
			observed: hex(length, 2),
			holds: length >= least,
		};
	}

	return listed === undefined
		? undefined
		: equal('guest', what, {expected: 'listed on page 00', observed: listed ? 'listed on page 00' : 'not on page 00'});
};

/** Control queue, event queue, one request queue (Virtio 1.2, 5.6.2). */
const queues = async (dump: FileDump, machine: Machine): Promise<readonly Evidence[]> => {
	const [driven] = scsiAdapters(dump);
	const disk = bootDisk(dump);
	const status = await askVirtioStatus(machine.qmp, adapter.name);
	return [
		equal('guest', 'hardware queues of the adapter', {
			expected: 1,
			observed: driven?.hardwareQueues ?? disk?.hardwareQueues ?? requestInterrupts(dump, adapter.address),
		}),
		equal('host', 'virtqueues (control, event, request)', {expected: 3, observed: status?.virtqueues}),
	];
};

const onlyDisks = async (dump: FileDump, machine: Machine): Promise<readonly Evidence[]> => {
	const [real] = devicesOfType(parseDeviceTree(await machine.monitor('info qtree')), 'virtio-scsi-device');
	const targets = scsiTargets(dump);
	return [
		equal('guest', 'targets on the adapter', {expected: 'some', observed: targets.length === 0 ? undefined : 'some'}),
		...targets.map(({address, type}) =>
			equal('guest', `SCSI type of ${address}`, {expected: '0 (disk)', observed: type === 0 ? '0 (disk)' : type}),
		),
		...(real?.children ?? []).map(({id, type}) =>
			equal('host', `device ${id} on the adapter`, {expected: 'scsi-hd', observed: type}),
		),
	];
};
