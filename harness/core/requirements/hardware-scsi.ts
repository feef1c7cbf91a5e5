import {type RequirementText} from './types.ts';
import {type HardwareId} from './ids.ts';
import {hardwareSection} from './guide.ts';

const driver = `CONFIG_SCSI_VIRTIO=y, or the module virtio_scsi in the initramfs:
  Debian, Ubuntu: echo virtio_scsi >> /etc/initramfs-tools/modules && update-initramfs -u -k all
  dracut: echo 'add_drivers+=" virtio_pci virtio_scsi sd_mod "' > /etc/dracut.conf.d/cloud.conf && dracut --force --regenerate-all`;

const standard = (name: string, what: string, observed: string): RequirementText => ({
	title: `${name} supported`,
	why: `${what} A kernel that speaks an older dialect treats persistent disks as if they could not do what they can.`,
	observed: {guest: observed},
	fix: `The answers come from the disk; the kernel has to ask for them. Needs CONFIG_BLK_DEV_SD=y (or sd_mod in the initramfs) and Linux 5.19 or newer for vpd_pgb0 and vpd_pgb2 in sysfs,
or the package sg3-utils (sg_inq, sg_readcap, sg_vpd) in the image. No "scsi_mod.dev_flags=Google:PersistentDisk:…" on the kernel command line.`,
	source: [
		hardwareSection,
		name.includes('Primary')
			? 'INCITS 513 (SPC-4), sections 6.6 and 7.8'
			: 'INCITS 514 (SBC-3), sections 5.16, 6.6.3 and 6.6.4',
		'Linux: drivers/scsi/scsi_scan.c, drivers/scsi/sd.c',
	],
});

export const scsiTexts: Record<Extract<HardwareId, `hw.scsi.${string}`>, RequirementText> = {
	'hw.scsi.identity': {
		title: 'virtio SCSI adapter, 1af4:1004, subsystem 8, driven',
		why: 'The boot disk hangs on it, and nothing else does. Without its driver in the kernel or in the initramfs the boot ends with "Unable to mount root fs" or an initramfs prompt.',
		observed: {
			guest: 'PCI ids in sysfs, and the bound driver',
			host: 'query-pci for the ids; x-query-virtio-status for DRIVER_OK',
		},
		fix: driver,
		source: [
			hardwareSection,
			'Virtual I/O Device specification 1.2, section 5.6 (SCSI host device)',
			'Linux: drivers/scsi/virtio_scsi.c',
		],
	},
	'hw.scsi.spc4': standard(
		'SCSI Primary Commands 4',
		'INQUIRY says which version of the standard a disk keeps to, and the kernel decides by it what it may ask.',
		'byte 2 of the INQUIRY data is 6 ("ANSI: 6" in the kernel log, scsi_level 7 in sysfs)',
	),
	'hw.scsi.sbc3': standard(
		'SCSI Block Commands 3',
		'READ CAPACITY(16) and the VPD pages B0 and B2 carry block sizes, transfer limits and whether discards work.',
		'READ CAPACITY(16) with its SBC-3 fields, VPD pages B0 (block limits) and B2 (logical block provisioning): vpd_pg* in sysfs, or sg3-utils',
	),
	'hw.scsi.single-queue': {
		title: 'One request queue',
		why: 'The cloud’s adapter has one. A guest that insists on more (a fixed interrupt map, one queue for each processor) does not find its disk, or starves it.',
		observed: {
			guest: 'one hardware queue of the disk: /sys/block/*/mq holds one directory',
			host: 'number of virtqueues of the adapter = control + event + 1',
		},
		fix: 'The adapter offers one queue; remove "virtio_scsi.virtscsi_poll_queues=…" and the like from the kernel command line and from /etc/modprobe.d.',
		source: [
			hardwareSection,
			'Virtual I/O Device specification 1.2, section 5.6.4 (num_queues)',
			'Linux: drivers/scsi/virtio_scsi.c',
		],
	},
	'hw.scsi.block-size': {
		title: 'Disks with 4 KiB physical and 512 B logical blocks',
		why: 'Partitions and file systems that are not aligned to 4 KiB turn each write into a read and a write; software that takes the physical for the logical size reads the wrong place.',
		observed: {guest: 'physical_block_size and logical_block_size of the boot disk in /sys/block/*/queue'},
		fix: 'Align partitions to 1 MiB (sfdisk, parted -a optimal). A kernel that shows other sizes than 4096 and 512 has a quirk or a driver in between: look for device mapper or loop devices under the root file system.',
		source: [
			hardwareSection,
			'INCITS 514 (SBC-3), section 5.16 (LOGICAL BLOCKS PER PHYSICAL BLOCK EXPONENT)',
			'Linux: Documentation/ABI/stable/sysfs-block',
		],
	},
	'hw.scsi.only-disks': {
		title: 'Nothing but disks on the adapter',
		why: 'The cloud attaches block devices only: no CD-ROM with cloud-init data, no tape, no enclosure. An image that waits for one waits for ever.',
		observed: {
			guest: 'every target on the adapter has SCSI type 0 (/sys/bus/scsi/devices/*/type)',
			host: 'the devices behind the adapter in the device tree',
		},
		fix: 'Remove what expects another device: entries for /dev/sr0 in /etc/fstab, "datasource_list: [NoCloud, ConfigDrive]" without GCE in /etc/cloud/cloud.cfg.d.',
		source: [hardwareSection, 'INCITS 513 (SPC-4), section 6.6.2 (PERIPHERAL DEVICE TYPE)'],
	},
	'hw.scsi.hotplug': {
		title: 'Hotplug and events',
		why: 'Attaching a disk to a running instance arrives as a virtio event. A guest that did not negotiate it sees the new disk only after a reboot.',
		observed: {
			guest:
				'a disk plugged into the running machine appears with its capacity, reads as the same bytes, and goes away again',
			host: 'HOTPLUG negotiated; the event that the device is gone',
		},
		fix: `The driver negotiates it by itself since Linux 3.6. ${driver}
Where a device policy hides new disks, look into /etc/udev/rules.d.`,
		source: [
			hardwareSection,
			'Virtual I/O Device specification 1.2, section 5.6.3 (VIRTIO_SCSI_F_HOTPLUG)',
			'Linux: drivers/scsi/virtio_scsi.c (virtscsi_handle_transport_reset)',
			'QEMU: hw/scsi/virtio-scsi.c (virtio_scsi_hotplug, virtio_scsi_hotunplug)',
		],
	},
};
