import {type ExtraDisk, type QemuRun, inRun, option} from '../run.ts';
import type {Profile} from '../schema.ts';
import {slotNumber} from './slot.ts';

/** The SCSI adapter and the boot disk: candidate (raw, read-only) ← overlay (qcow2) ← disk. */
export const diskArguments = (profile: Profile, run: QemuRun): readonly string[] => [
	'-device',
	option('virtio-scsi-pci', {
		id: 'scsi0',
		addr: slotNumber(profile.pci.scsi),
		// QEMU's own default is one queue a processor.
		num_queues: profile.disk.numQueues,
		hotplug: profile.disk.hotplug,
		'disable-legacy': false,
		'disable-modern': profile.disk.legacy,
	}),
	...(run.candidate === undefined || run.overlay === undefined
		? []
		: [...bootDiskNodes(run.candidate.path, run.overlay.path, run), '-device', bootDisk(profile)]),
];

const bootDiskNodes = (candidate: string, overlay: string, run: QemuRun): readonly string[] => [
	'-blockdev',
	option('', {
		driver: 'file',
		'node-name': 'candidate-file',
		filename: inRun(run, candidate),
		'read-only': true,
		'auto-read-only': false,
	}),
	// Never probed: a guest that writes a qcow2 header into its raw disk would own the host's files at the next start.
	'-blockdev',
	option('', {driver: 'raw', 'node-name': 'candidate', file: 'candidate-file', 'read-only': true}),
	'-blockdev',
	option('', {driver: 'file', 'node-name': 'overlay-file', filename: inRun(run, overlay)}),
	...(run.savedDisk === undefined
		? []
		: [
				'-blockdev',
				option('', {
					driver: 'file',
					'node-name': 'saved-file',
					filename: inRun(run, run.savedDisk.path),
					'read-only': true,
					'auto-read-only': false,
				}),
				'-blockdev',
				option('', {
					driver: 'qcow2',
					'node-name': 'saved',
					file: 'saved-file',
					backing: 'candidate',
					'read-only': true,
				}),
			]),
	// The overlay ends with the run: flushing it to the host's disk would buy nothing.
	'-blockdev',
	option('', {
		driver: 'qcow2',
		'node-name': 'disk0',
		file: 'overlay-file',
		backing: run.savedDisk === undefined ? 'candidate' : 'saved',
		discard: 'unmap',
		'cache.no-flush': true,
	}),
];

const bootDisk = ({disk}: Profile): string =>
	option('scsi-hd', {
		id: 'disk0',
		bus: 'scsi0.0',
		drive: 'disk0',
		bootindex: 1,
		'scsi-id': disk.scsiId,
		lun: disk.lun,
		...inquiry(disk),
		device_id: disk.deviceId,
		logical_block_size: disk.logicalBlockSize,
		physical_block_size: disk.physicalBlockSize,
		discard_granularity: disk.discardGranularity,
		'write-cache': disk.writeCache,
		dpofua: disk.dpofua,
	});

/** More targets: those of the profile are empty and need no file, those of the run are files. */
export const extraDiskArguments = (profile: Profile, run: QemuRun): readonly string[] => [
	...Object.entries(profile.extraDisks).flatMap(([name, {kind, scsiId, sizeMiB}]) => [
		'-blockdev',
		option('', {
			driver: 'null-co',
			'node-name': name,
			size: sizeMiB * 1024 * 1024,
			'read-zeroes': true,
			'read-only': kind === 'cdrom',
		}),
		'-device',
		kind === 'cdrom'
			? option('scsi-cd', {id: name, bus: 'scsi0.0', drive: name, 'scsi-id': scsiId, ...inquiry(profile.disk)})
			: extraDisk(profile, name, scsiId),
	]),
	...(run.extraDisks ?? []).flatMap((disk) => [
		...fileNodes(disk, run),
		'-device',
		extraDisk(profile, disk.id, disk.scsiId),
	]),
];

const fileNodes = ({id, path, format, readOnly}: ExtraDisk, run: QemuRun): readonly string[] => [
	'-blockdev',
	option('', {
		driver: 'file',
		'node-name': `${id}-file`,
		filename: inRun(run, path),
		'read-only': readOnly,
		'auto-read-only': false,
	}),
	'-blockdev',
	option('', {driver: format, 'node-name': id, file: `${id}-file`, 'read-only': readOnly, 'cache.no-flush': true}),
];

const extraDisk = (profile: Profile, id: string, scsiId: number): string =>
	option('scsi-hd', extraDiskProperties(profile, id, scsiId));

/** A further disk like the boot disk, on a target of its own; `id` is also the name of its node. As `device_add` takes it, without the driver. */
export const extraDiskProperties = ({disk}: Profile, id: string, scsiId: number) => ({
	id,
	bus: 'scsi0.0',
	drive: id,
	'scsi-id': scsiId,
	...inquiry(disk),
	device_id: id.slice(0, 20),
	logical_block_size: disk.logicalBlockSize,
	physical_block_size: disk.physicalBlockSize,
	// An OnOffAuto: QMP takes no boolean for it.
	'write-cache': disk.writeCache ? 'on' : 'off',
	dpofua: disk.dpofua,
});

const inquiry = (disk: Profile['disk']) => ({
	vendor: disk.vendor,
	product: disk.product,
	ver: disk.revision,
	scsi_version: disk.scsiVersion,
});
