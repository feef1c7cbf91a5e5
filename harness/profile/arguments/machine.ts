import {emulatedProcessor} from '../emulated-processor.ts';
import {acpiArguments} from '../floppy.ts';
import {type QemuRun, inRun, option} from '../run.ts';
import type {Profile} from '../schema.ts';
import {uefiArguments, uefiChips} from '../uefi.ts';

/** Machine, accelerator, processor, memory, firmware, monitor and sandbox. */
export const machineArguments = (profile: Profile, run: QemuRun): readonly string[] => {
	const {machine, firmware} = profile;
	return [
		// Starts stopped: consoles are attached and memory is patched before the first instruction.
		'-S',
		'-nodefaults',
		'-no-user-config',
		'-display',
		'none',
		'-name',
		option('', {guest: 'bootwright', process: 'bootwright-qemu'}),
		'-sandbox',
		option('on', {obsolete: 'deny', elevateprivileges: 'deny', spawn: 'deny', resourcecontrol: 'deny'}),
		'-machine',
		option(machine.type, {
			// Puts SeaBIOS and option ROMs on COM1 (hw/i386/fw_cfg.c: etc/sercon-port follows graphics=off).
			graphics: !firmware.serialConsole,
			hpet: false,
			vmport: false,
			usb: false,
			'x-south-bridge': machine.southBridge === 'piix4-isa' ? 'piix4-isa' : undefined,
			// From 8.1 on the default is the 64-bit entry point, which has no version 2.4.
			'smbios-entry-point-type': 32,
			'x-oem-id': machine.acpi.oemId,
			'x-oem-table-id': machine.acpi.oemTableId,
			...uefiChips(profile),
			'memory-backend': run.memory === undefined ? undefined : memoryId,
		}),
		...memoryArguments(run, run.memoryMiB ?? profile.memoryMiB),
		...acpiArguments(profile),
		...uefiArguments(profile),
		...accelerators[run.accelerator],
		'-smp',
		String(run.vcpus ?? profile.vcpus),
		'-m',
		String(run.memoryMiB ?? profile.memoryMiB),
		'-boot',
		option('', {strict: firmware.strictBoot}),
		'-chardev',
		option('socket', {id: 'qmp', path: 'qmp.sock', server: true, wait: false}),
		'-mon',
		option('', {chardev: 'qmp', mode: 'control'}),
		// SeaBIOS writes its whole log to this port, whatever becomes of the console; OVMF only where it was built for debugging.
		'-chardev',
		option('file', {id: 'firmware', path: inRun(run, run.firmwareLog)}),
		'-device',
		option('isa-debugcon', {iobase: '0x402', chardev: 'firmware'}),
		...kernelArguments(run),
		...(run.incoming === true ? ['-incoming', 'defer'] : []),
		...(run.gdb === undefined
			? []
			: ['-chardev', option('socket', {id: 'gdb', path: run.gdb, server: true, wait: false}), '-gdb', 'chardev:gdb']),
	];
};

const memoryId = 'ram';

/**
 * A file that is mapped shared takes what the guest writes, and `x-ignore-shared` leaves it out of the saved state; a private mapping
 * copies on write (qapi/qom.json, MemoryBackendFileProperties; `rom` since 8.2: without it a file opened read-only would be read-only
 * memory).
 */
const memoryArguments = (run: QemuRun, memoryMiB: number): readonly string[] =>
	run.memory === undefined
		? []
		: [
				'-object',
				option('memory-backend-file', {
					id: memoryId,
					size: `${memoryMiB}M`,
					'mem-path': inRun(run, run.memory.path),
					...(run.memory.use === 'template' ? {share: true} : {share: false, readonly: true, rom: 'off'}),
				}),
			];

const accelerators = {
	tcg: ['-accel', 'tcg,thread=multi,tb-size=512', '-cpu', emulatedProcessor],
	kvm: ['-accel', 'kvm', '-cpu', 'host'],
} as const satisfies Record<QemuRun['accelerator'], readonly string[]>;

const kernelArguments = (run: QemuRun): readonly string[] => {
	const {kernel} = run;
	return kernel === undefined
		? []
		: [
				'-kernel',
				inRun(run, kernel.path),
				...(kernel.initrd === undefined ? [] : ['-initrd', inRun(run, kernel.initrd)]),
				...(kernel.append === undefined ? [] : ['-append', kernel.append]),
			];
};
