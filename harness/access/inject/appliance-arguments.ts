import {emulatedProcessor} from '../../profile/emulated-processor.ts';
import {option} from '../../profile/run.ts';

/** A disk of the appliance: the overlay is written, the image below it only read. */
export type ApplianceDisk = {readonly candidate: {readonly path: string}; readonly overlay: {readonly path: string}};

export type ApplianceRun = {
	readonly accelerator: 'tcg' | 'kvm';
	readonly kernel: string;
	readonly initrd: string;
	readonly append: string;
	readonly disks: readonly ApplianceDisk[];
};

/**
 * QEMU's command line for the appliance: the smallest machine that its kernel drives, one console, nothing of the cloud's.
 * Pure. QEMU must sit in the directory of the sockets. Measured under TCG: an uncompressed kernel or one more processor gain nothing,
 * and `microvm` stays silent with this kernel.
 */
export const applianceArguments = ({accelerator, kernel, initrd, append, disks}: ApplianceRun): readonly string[] => [
	'-S',
	'-nodefaults',
	'-no-user-config',
	'-no-reboot',
	'-display',
	'none',
	'-name',
	option('', {guest: 'bootwright-appliance', process: 'bootwright-appl'}),
	'-sandbox',
	option('on', {obsolete: 'deny', elevateprivileges: 'deny', spawn: 'deny', resourcecontrol: 'deny'}),
	'-machine',
	option('pc', {hpet: false, vmport: false, usb: false}),
	...(accelerator === 'kvm'
		? ['-accel', 'kvm', '-cpu', 'host']
		: ['-accel', 'tcg,tb-size=256', '-cpu', emulatedProcessor]),
	'-smp',
	'1',
	'-m',
	'512',
	'-chardev',
	option('socket', {id: 'qmp', path: 'qmp.sock', server: true, wait: false}),
	'-mon',
	option('', {chardev: 'qmp', mode: 'control'}),
	'-chardev',
	option('socket', {id: 'ttyS0', path: 'ttyS0.sock', server: true, wait: false}),
	'-device',
	option('isa-serial', {chardev: 'ttyS0', index: 0}),
	'-kernel',
	kernel,
	'-initrd',
	initrd,
	'-append',
	append,
	...disks.flatMap(diskArguments),
];

const diskArguments = ({candidate, overlay}: ApplianceDisk, index: number): readonly string[] => [
	'-blockdev',
	option('', {
		driver: 'file',
		'node-name': `candidate${index}-file`,
		filename: candidate.path,
		'read-only': true,
		'auto-read-only': false,
	}),
	// Never probed: see the machine's own disk (harness/profile/arguments/disks.ts).
	'-blockdev',
	option('', {driver: 'raw', 'node-name': `candidate${index}`, file: `candidate${index}-file`, 'read-only': true}),
	'-blockdev',
	option('', {driver: 'file', 'node-name': `overlay${index}-file`, filename: overlay.path}),
	'-blockdev',
	option('', {
		driver: 'qcow2',
		'node-name': `overlay${index}`,
		file: `overlay${index}-file`,
		backing: `candidate${index}`,
		'cache.no-flush': true,
	}),
	'-device',
	option('virtio-blk-pci', {drive: `overlay${index}`}),
];
