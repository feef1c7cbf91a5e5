import {type GuestFailure} from './errors.ts';

/** What is written about a way in which a guest is given up for dead. */
type FailureText = {
	readonly title: string;
	/** What it is told by. */
	readonly seen: string;
	/** What a person can try first. */
	readonly fix: string;
};

export const failureTexts: Readonly<Record<GuestFailure, FailureText>> = {
	'no-boot-sector': {
		title: 'There is nothing to boot on the disk',
		seen: 'the first sector of the image is no boot sector (for UEFI: there is no FAT file system), or the firmware said on a port that it found nothing to boot, or started its own shell',
		fix: 'Install a boot loader for BIOS into the image (grub-install --target=i386-pc); for a profile with UEFI one at EFI/BOOT/BOOTX64.EFI of its EFI system partition (grub-install --target=x86_64-efi --removable).',
	},
	'boot-loader': {
		title: 'The boot loader gave up',
		seen: 'its words on a serial port, or its prompt (grub>, grub rescue>)',
		fix: 'Look at the boot loader’s configuration: the root it searches for must be on this disk, by UUID rather than by device name.',
	},
	panic: {
		title: 'The kernel panicked',
		seen: 'its words on a serial port: a panic, no root file system, or a first process that died',
		fix: 'See the lines before it in the console log. "Unable to mount root fs" means that VIRTIO_PCI, VIRTIO_PCI_LEGACY, SCSI_VIRTIO or BLK_DEV_SD is missing from kernel and initramfs, or that root= names a device of another machine; with unknown-block(8,…) the disk is there, and its file system (EXT4_FS, XFS_FS, BTRFS_FS) is what is missing.',
	},
	initramfs: {
		title: 'The boot stopped in the initramfs',
		seen: 'its prompt on a serial port: (initramfs), or what other distributions say in its place',
		fix: 'The root device did not appear: the initramfs needs virtio_pci, virtio_scsi and sd_mod, and root= must not name a device of another machine.',
	},
	emergency: {
		title: 'The init system stopped in emergency mode',
		seen: 'the words of systemd, dracut or sulogin on a serial port',
		fix: 'A file system of /etc/fstab is missing or damaged, or a required unit failed: see the lines before it in the console log.',
	},
	'boot-loop': {
		title: 'The guest reboots for ever',
		seen: 'the kernel started for the third time, and nobody got in before that',
		fix: 'Boot with "panic=0" and without "quiet" to see why it reboots.',
	},
	hang: {
		title: 'The guest hangs',
		seen: 'nothing for 120 s (scaled): no byte on any port, no request to a disk or to the network',
		fix: 'If the log is empty from the kernel on, the kernel has no serial console: add "console=ttyS0,38400n8d" to its command line.',
	},
	'powered-off': {
		title: 'The guest powered its machine off',
		seen: 'QEMU’s event SHUTDOWN, with the guest as its cause',
		fix: 'Something in the image ends the boot with a shutdown: see the last lines of the console log.',
	},
	'no-way-in': {
		title: 'Nobody got a root shell',
		seen: 'a login prompt and no user to give it, a user that cannot become root, or a shell that cannot be worked with; the report says why each way was refused',
		fix: 'Give --user and --password-file, or let the shell be injected (--access inject).',
	},
	'login-refused': {
		title: 'The login was refused',
		seen: 'the answer to the user and the password that were given, on a serial port',
		fix: 'Check --user and the password file; root may be barred from ttyS0 by /etc/securetty.',
	},
	'shell-lost': {
		title: 'The shell in the guest does not answer any more',
		seen: 'a shell on a serial port that worked, and from then on gave no answer',
		fix: 'See the end of the console logs: whether the shell was killed, something else in the image took its port, or the kernel died without a word.',
	},
};
