import {type RequirementText} from './types.ts';
import {type BootId, type ImportId} from './ids.ts';
import {guide} from './guide.ts';

export const bootTexts: Record<BootId | ImportId, RequirementText> = {
	'boot.reached-userspace': {
		title: 'Boot loader, kernel and init of the image came up from the emulated disk',
		why: 'An image that needs a kernel from outside, another firmware or a person at the boot menu does not start in the cloud.',
		observed: {
			guest: 'the first process of user space answers on a console',
			host: 'firmware, boot loader, kernel and user space announce themselves on the serial ports, in this order',
		},
		fix: `Boot loader in the first sector for a BIOS machine: grub-install --target=i386-pc /dev/sda. No menu that waits: GRUB_TIMEOUT=0 in /etc/default/grub, then update-grub.
Console to see it fail: "console=ttyS0,38400n8d" in GRUB_CMDLINE_LINUX, GRUB_TERMINAL=console.
Stops in the initramfs: the modules virtio_pci, virtio_scsi and sd_mod are missing in it, or root= names a disk by a name it does not have here (use root=UUID=…).`,
		source: [guide('boot loader and disk'), 'Linux: Documentation/admin-guide/kernel-parameters.rst'],
	},
	'boot.console-clean': {
		title: 'No panic, oops, BUG, hung task, I/O error or emergency shell on any console',
		why: 'What the kernel complains about on a quiet machine becomes an outage on a busy one.',
		observed: {
			guest: 'every byte of the four serial ports, from the first to the last',
			host: 'the same bytes, as they arrived on the sockets',
		},
		fix: 'Read the line in the report and its surroundings in console-ttyS0.log of the run. Emergency shell: most often a line of /etc/fstab for a disk that is not there (add "nofail").',
		source: [guide('serial console'), 'Linux: Documentation/admin-guide/bug-hunting.rst'],
	},
	'import.archive': {
		title: 'Can be packed as the import expects, and unpacks to the same bytes',
		why: 'The import takes one file named disk.raw in a gzip-compressed tar of the old GNU format, of a whole number of GiB, and refuses everything else after the upload.',
		observed: {
			guest: 'nothing: it is about the file',
			host: 'the archive is written, read back, and compared with the image',
		},
		fix: `Size: truncate -s 10G disk.raw (a whole number of GiB), then grow the partition.
Archive: tar --format=oldgnu -Sczf image.tar.gz disk.raw (or "bootwright pack").`,
		source: [
			'Compute Engine guide "Import boot disk images to Compute Engine", create the image file',
			'tar(5), old GNU format',
		],
	},
};
