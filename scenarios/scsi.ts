import {
	type Evidence,
	type FileDump,
	type Judgement,
	type Machine,
	type ScsiTarget,
	askVirtioStatus,
	bootDisk,
	devicesOfType,
	equal,
	hex,
	parseDeviceTree,
	parseQueryPci,
	pciFiles,
	pciFunctions,
	pciId,
	scenario,
	scsiAdapters,
	scsiFiles,
	scsiTargets,
} from '../harness/index.ts';

export default scenario({
	id: 'scsi',
	title: 'Single-queue virtio-scsi with 512-byte sectors on 4 KiB blocks',
	proves: ['hw.scsi.identity', 'hw.scsi.spc4', 'hw.scsi.single-queue', 'hw.scsi.block-size', 'hw.scsi.only-disks'],
	needsGuest: true,
	async run({guest, machine, judge}) {
		const dump = await guest.readAll([...pciFiles, ...scsiFiles]);
		const disk = bootDisk(dump);
		judge('hw.scsi.identity', await identity(dump, machine));
		judge('hw.scsi.spc4', primaryCommands(disk));
		judge('hw.scsi.single-queue', await queues(dump, machine, disk));
		judge('hw.scsi.block-size', [
			equal('guest', `physical block size of ${nameOf(disk)}`, {expected: 4096, observed: disk?.physicalBlockSize}),
			equal('guest', `logical block size of ${nameOf(disk)}`, {expected: 512, observed: disk?.logicalBlockSize}),
		]);
		judge('hw.scsi.only-disks', await onlyDisks(dump, machine));
	},
});

const nameOf = (disk: ScsiTarget | undefined): string => disk?.block ?? 'the boot disk';
