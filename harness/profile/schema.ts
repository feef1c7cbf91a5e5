import {z} from 'zod';
import {portNames} from '../core/events.ts';

const byte = z.int().min(0).max(0xff);
const word = z.int().min(0).max(0xff_ff);
const text = z.string().min(1);

const absolutePath = z.string().regex(/^\//u, 'must be an absolute path');

/** What QEMU takes (hw/core/qdev-properties-system.c, check_block_size). */
const blockSize = z
	.int()
	.min(512)
	.max(2 ** 21)
	.refine((bytes) => Number.isSafeInteger(Math.log2(bytes)), 'must be a power of two');

/** One row of the PCI bus as the guest must see it. */
const pciFunction = z.strictObject({
	/** `bus:device.function`, hexadecimal, as lspci writes it. */
	slot: z.string().regex(/^00:[01][\da-f]\.[0-7]$/u, 'must be a slot such as 00:01.0'),
	vendor: word,
	device: word,
	subsystem: word.optional(),
	revision: byte,
	/** Class, subclass and programming interface: 24 bits. */
	class: z.int().min(0).max(0xff_ff_ff),
	/** QEMU has this function and cannot leave it out; the guest must not find it. */
	hidden: z.boolean().default(false),
});

const uart = z.strictObject({
	/** First I/O port. */
	port: word,
	irq: z.int().min(0).max(15),
});

/** virtio-net's own properties that switch one offload or feature (`qemu-system-x86_64 -device virtio-net-pci,help`). */
const networkFeatures = [
	'csum',
	'guest_csum',
	'gso',
	'host_tso4',
	'host_tso6',
	'host_ecn',
	'guest_tso4',
	'guest_tso6',
	'guest_ecn',
	'mrg_rxbuf',
	'ctrl_guest_offloads',
] as const;

/** The machine as data: what a file in qemu-profiles/ says once its parents are merged in. Unknown keys are errors. */
export const profileSchema = z.strictObject({
	title: text,
	machine: z.strictObject({
		/** A machine type of the i440FX family, by QEMU's name. */
		type: z.string().regex(/^pc(-i440fx-[\d.]+)?$/u, 'must be pc or pc-i440fx-N.N'),
		southBridge: z.enum(['piix4-isa', 'piix3']),
		floppy: z.enum(['hidden', 'visible']),
		acpi: z.strictObject({oemId: text.max(6), oemTableId: text.max(8)}),
	}),
	vcpus: z.int().min(1).max(255),
	memoryMiB: z.int().min(64),
	firmware: z.strictObject({
		serialConsole: z.boolean(),
		strictBoot: z.boolean(),
		/** Files of the host, for two flash chips; without it QEMU's own BIOS. */
		uefi: z
			.strictObject({
				/** The program, which is only read. */
				code: absolutePath,
				/** A store of variables without boot entries; each run gets a copy. */
				variables: absolutePath,
			})
			.optional(),
	}),
	smbios: z.strictObject({
		version: z.string().regex(/^2\.[3-8]$/u, 'must be an SMBIOS version from 2.3 to 2.8'),
		bios: z.strictObject({
			vendor: text,
			version: text,
			date: text,
			release: z.string().regex(/^\d{1,3}\.\d{1,3}$/u, 'must be two numbers such as 1.0'),
		}),
		system: z.strictObject({manufacturer: text, product: text, uuid: z.guid(), serialPrefix: z.string()}),
		board: z.strictObject({manufacturer: text, product: text, serialPrefix: z.string()}),
		/** Whose name the chassis, the processors and the memory modules bear; QEMU would write its own. */
		partsManufacturer: text,
	}),
	/** The three virtio devices stand in the slot that their row names. */
	pci: z.strictObject({
		hostBridge: pciFunction,
		isaBridge: pciFunction,
		ide: pciFunction.optional(),
		acpiBridge: pciFunction,
		scsi: pciFunction,
		network: pciFunction,
		rng: pciFunction,
	}),
	disk: z.strictObject({
		/** virtio 0.9.5, as on the real machine; false: a device that speaks both. */
		legacy: z.boolean(),
		numQueues: z.int().min(1).max(64),
		hotplug: z.boolean(),
		scsiId: byte,
		lun: z.int().min(0).max(255),
		vendor: text.max(8),
		product: text.max(16),
		revision: text.max(4),
		deviceId: text.max(20),
		scsiVersion: z.int().min(0).max(7),
		/** Bytes. */
		logicalBlockSize: blockSize,
		/** Bytes. */
		physicalBlockSize: blockSize,
		/** Bytes; null: QEMU's default. */
		discardGranularity: z.int().min(0).nullable().default(null),
		writeCache: z.boolean(),
		dpofua: z.boolean(),
	}),
	network: z.strictObject({
		legacy: z.boolean(),
		address: z.ipv4(),
		gateway: z.ipv4(),
		macPrefix: z.string().regex(/^[\da-f]{2}:[\da-f]{2}$/u, 'must be two bytes such as 42:01'),
		mtu: z.int().min(68).max(65_535),
		features: z.partialRecord(z.enum(networkFeatures), z.boolean()),
	}),
	rng: z.strictObject({legacy: z.boolean()}),
	uarts: z.partialRecord(z.enum(portNames), uart),
	extraDisks: z.record(
		z.string().regex(/^[a-z][\da-z-]*$/u, 'a name is lower-case letters, digits and hyphens, a letter first'),
		z.strictObject({kind: z.enum(['disk', 'cdrom']), scsiId: byte, sizeMiB: z.int().min(1)}),
	),
	/** What a guest can still tell apart, for the report and the docs. */
	knownDifferences: z.array(z.strictObject({id: text, what: text, why: text})).readonly(),
});

type DeepReadonly<T> =
	T extends Array<infer Item>
		? ReadonlyArray<DeepReadonly<Item>>
		: T extends object
			? {readonly [Key in keyof T]: DeepReadonly<T[Key]>}
			: T;

/** A validated profile, and the name it was asked for by. */
export type Profile = DeepReadonly<z.infer<typeof profileSchema>> & {readonly name: string};
export type PciFunction = Profile['pci']['isaBridge'];
export type PciRow = keyof Profile['pci'];
