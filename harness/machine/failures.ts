import {type GuestFailure} from '../core/errors.ts';
import {type ConsoleProblem} from '../core/events.ts';

type Explanation = {readonly failure: GuestFailure; readonly words: string};

/** Which way of dying a fatal console problem is evidence of; kinds are those of harness/console's rules. */
export const failureOf = ({kind}: Pick<ConsoleProblem, 'kind'>): Explanation =>
	explanations[kind] ?? {failure: 'panic', words: 'The guest died'};

const explanations: Readonly<Record<string, Explanation | undefined>> = {
	panic: {failure: 'panic', words: 'The kernel panicked'},
	'root-mount': {failure: 'panic', words: 'The kernel could not mount its root file system'},
	'emergency-shell': {failure: 'emergency', words: 'The init system stopped in emergency mode'},
	'initramfs-prompt': {failure: 'initramfs', words: 'The boot stopped in the initramfs'},
	'bootloader-prompt': {failure: 'boot-loader', words: 'The boot loader stopped at its prompt'},
	'bootloader-error': {failure: 'boot-loader', words: 'The boot loader gave up'},
	'init-frozen': {failure: 'panic', words: 'The first process of user space died'},
	'no-bootable-device': {failure: 'no-boot-sector', words: 'The firmware found nothing to boot'},
};

/** What a person can try first, by way of dying. */
export const hintOf = (failure: GuestFailure): string | undefined => hints[failure];

const hints: Partial<Readonly<Record<GuestFailure, string>>> = {
	'no-boot-sector': 'Install a boot loader for BIOS into the image (grub-install --target=i386-pc).',
	'boot-loader':
		'Look at the boot loader’s configuration: the root it searches for must be on this disk, by UUID rather than by device name.',
	panic:
		'See the lines before it in the console log. "Unable to mount root fs" means that VIRTIO_PCI, VIRTIO_PCI_LEGACY, SCSI_VIRTIO or BLK_DEV_SD is missing from kernel and initramfs, or that root= names a device of another machine.',
	initramfs:
		'The root device did not appear: the initramfs needs virtio_pci, virtio_scsi and sd_mod, and root= must not name a device of another machine.',
	emergency:
		'A file system of /etc/fstab is missing or damaged, or a required unit failed: see the lines before it in the console log.',
	'boot-loop': 'Boot with "panic=0" and without "quiet" to see why it reboots.',
	hang: 'If the log is empty from the kernel on, the kernel has no serial console: add "console=ttyS0,38400n8d" to its command line.',
	'powered-off': 'Something in the image ends the boot with a shutdown: see the last lines of the console log.',
	'no-way-in': 'Give --user and --password-file, or let the shell be injected (--access inject).',
	'login-refused': 'Check --user and the password file; root may be barred from ttyS0 by /etc/securetty.',
};
