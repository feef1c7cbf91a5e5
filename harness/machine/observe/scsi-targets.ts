import {type FileDump, matching, textOf} from '../file-dump.ts';
import {driverOf} from './pci-functions.ts';

/** One logical unit on a virtio-scsi adapter, as the kernel shows it. */
export type ScsiTarget = {
	/** `host:channel:target:lun`. */
	readonly address: string;
	/** PCI address of the adapter, e.g. `00:03.0`. */
	readonly adapter: string;
	/** Peripheral device type of INQUIRY byte 0: 0 disk, 5 CD-ROM. */
	readonly type: number | undefined;
	readonly vendor: string;
	readonly model: string;
	/** The kernel's own scale: INQUIRY byte 2 plus one from SPC-1 on (include/scsi/scsi.h, SCSI_SPC_4 is 7). */
	readonly scsiLevel: number | undefined;
	/** Standard INQUIRY data; undefined on kernels before 4.0, which do not show it. */
	readonly inquiry: Buffer | undefined;
	/** VPD page by number; sysfs shows B0 and B2 since Linux 5.19 (commit e60ac0b9e445). */
	readonly vpd: ReadonlyMap<number, Buffer>;
	/** `thin_provisioning` of the disk driver: LBPME of READ CAPACITY(16). */
	readonly lbpme: boolean | undefined;
	/** Name below /dev; undefined where no disk driver is bound. */
	readonly block: string | undefined;
	readonly logicalBlockSize: number | undefined;
	readonly physicalBlockSize: number | undefined;
	/** Hardware queues that the block layer drives. */
	readonly hardwareQueues: number | undefined;
	/** `major:minor` of the disk and of its partitions. */
	readonly deviceNumbers: readonly string[];
};

const adapter = '/sys/bus/pci/devices/*/virtio*';
const unit = `${adapter}/host*/target*/*:*:*:*`;

/** What a guest has to be asked for: everything the SCSI rows need, in one go. */
export const scsiFiles: readonly string[] = [
	`${adapter}/uevent`,
	`${adapter}/host*/scsi_host/host*/nr_hw_queues`,
	...['type', 'vendor', 'model', 'scsi_level', 'inquiry', 'vpd_pg[0b]*'].map((name) => `${unit}/${name}`),
	`${unit}/scsi_disk/*/thin_provisioning`,
	...['dev', '[a-z]*/dev', 'mq/*/nr_tags', 'queue/logical_block_size', 'queue/physical_block_size'].map(
		(name) => `${unit}/block/*/${name}`,
	),
	'/proc/self/mountinfo',
	'/proc/interrupts',
];

/** Every unit on an adapter that virtio_scsi drives. */
export const scsiTargets = (dump: FileDump): readonly ScsiTarget[] =>
	matching(
		dump,
		/^(?<path>.*\/devices\/[\da-f]{4}:(?<pci>[\da-f:.]+)\/virtio\d+\/host\d+\/target[\d:]+\/(?<address>[\d:]+))\/type$/v,
	).map(({groups: [path = '', pci = '', address = ''], content}) => ({
		address,
		adapter: pci,
		type: integer(content.toString()),
		vendor: textOf(dump, `${path}/vendor`) ?? '',
		model: textOf(dump, `${path}/model`) ?? '',
		scsiLevel: integer(textOf(dump, `${path}/scsi_level`)),
		inquiry: nonEmpty(dump.get(`${path}/inquiry`)),
		vpd: vpdOf(dump, path),
		lbpme: flag(below(dump, path, /^\/scsi_disk\/[\d:]+\/thin_provisioning$/v)[0]?.text),
		...blockOf(dump, path),
	}));

/** Adapters that virtio_scsi drives, by PCI address, with the number of hardware queues their driver set up. */
export const scsiAdapters = (
	dump: FileDump,
): ReadonlyArray<{readonly address: string; readonly driver: string; readonly hardwareQueues: number | undefined}> =>
	matching(dump, /^(?<path>.*\/devices\/[\da-f]{4}:(?<pci>[\da-f:.]+)\/virtio\d+)\/uevent$/v)
		.map(({groups: [path = '', pci = ''], content}) => ({
			address: pci,
			driver: driverOf(content.toString()) ?? '',
			hardwareQueues: integer(below(dump, path, /^\/host\d+\/scsi_host\/host\d+\/nr_hw_queues$/v)[0]?.text),
		}))
		.filter(({driver}) => driver === 'virtio_scsi');

/**
 * Request queues of an adapter that have an interrupt of their own (drivers/scsi/virtio_scsi.c names all of them `request`):
 * all that kernels tell whose block layer knows no hardware queues. Undefined without MSI-X, where all share one.
 */
export const requestInterrupts = (dump: FileDump, address: string): number | undefined => {
	const bus = matching(dump, /\/devices\/[\da-f]{4}:(?<pci>[\da-f:.]+)\/(?<virtio>virtio\d+)\/uevent$/v).find(
		({groups: [pci]}) => pci === address,
	);
	const line = new RegExp(String.raw`\s${bus?.groups[1] ?? 'none'}-request$`, 'gm');
	const count = (textOf(dump, '/proc/interrupts') ?? '').match(line)?.length ?? 0;
	return count === 0 ? undefined : count;
};

/**
 * The disk that the guest booted from: the one that holds the root file system; where that is no partition of a disk
 * here (initramfs, LVM, btrfs), the one at target 1, where the machine's boot disk is.
 */
export const bootDisk = (dump: FileDump): ScsiTarget | undefined => {
	const disks = scsiTargets(dump).filter(({type}) => type === 0);
	const root = rootDevice(textOf(dump, '/proc/self/mountinfo') ?? '');
	return (
		disks.find(({deviceNumbers}) => root !== undefined && deviceNumbers.includes(root)) ??
		disks.find(({address}) => address.split(':')[2] === '1') ??
		disks[0]
	);
};

/** `major:minor` of what is mounted on `/` last (an initramfs may be below it): proc(5), mountinfo fields 3 and 5. */
export const rootDevice = (mountinfo: string): string | undefined =>
	mountinfo
		.split('\n')
		.map((line) => line.split(' '))
		.findLast((fields) => fields[4] === '/')?.[2];

const vpdOf = (dump: FileDump, path: string): ReadonlyMap<number, Buffer> =>
	new Map(
		below(dump, path, /^\/vpd_pg[\da-f]+$/v)
			.filter(({content}) => content.length > 0)
			.map(({rest, content}) => [Number.parseInt(rest.slice('/vpd_pg'.length), 16), content]),
	);

type Block = Pick<ScsiTarget, 'block' | 'logicalBlockSize' | 'physicalBlockSize' | 'hardwareQueues' | 'deviceNumbers'>;

const blockOf = (dump: FileDump, path: string): Block => {
	const numbers = below(dump, path, /^\/block\/[^\/]+\/(?:[^\/]+\/)?dev$/v);
	const block = numbers[0]?.rest.split('/')[2];
	const queues = below(dump, path, /^\/block\/[^\/]+\/mq\/\d+\/nr_tags$/v).length;
	return {
		block,
		logicalBlockSize: integer(textOf(dump, `${path}/block/${block ?? ''}/queue/logical_block_size`)),
		physicalBlockSize: integer(textOf(dump, `${path}/block/${block ?? ''}/queue/physical_block_size`)),
		hardwareQueues: queues === 0 ? undefined : queues,
		deviceNumbers: numbers.map(({text}) => text),
	};
};

/** Files of the dump below a directory, whose path from there on matches. */
const below = (
	dump: FileDump,
	directory: string,
	pattern: RegExp,
): ReadonlyArray<{readonly rest: string; readonly text: string; readonly content: Buffer}> =>
	dump
		.entries()
		.filter(([path]) => path.startsWith(`${directory}/`) && pattern.test(path.slice(directory.length)))
		.map(([path, content]) => ({rest: path.slice(directory.length), text: content.toString().trim(), content}))
		.toArray();

const integer = (text: string | undefined): number | undefined =>
	text !== undefined && /^\d+$/v.test(text.trim()) ? Number(text) : undefined;

const flag = (text: string | undefined): boolean | undefined => (text === undefined ? undefined : text === '1');

const nonEmpty = (content: Buffer | undefined): Buffer | undefined =>
	content === undefined || content.length === 0 ? undefined : content;
