import {readFile} from 'node:fs/promises';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {dir} from 'tmp-promise';
import {Deadline} from '../../harness/core/deadline.ts';
import {createOverlay} from '../../harness/image/overlay.ts';
import {findQemu} from '../../harness/qemu/find-qemu.ts';
import {applyOverrides} from '../../harness/qemu/overrides.ts';
import {type Guest, bootProbe} from './_guest.ts';
import {lookAround} from './_machine-as-seen.ts';
import {probeDisk} from './_probe-disk.ts';

/** The table of spec/gce-machine.md; a function that is not here must not be there. */
const bus = [
	'00:00.0 8086:1237 rev 02 class 060000 subsystem 1af4:1100',
	'00:01.0 8086:7110 rev 03 class 060100 subsystem 1af4:1100',
	'00:01.3 8086:7113 rev 03 class 068000 subsystem 1af4:1100',
	'00:03.0 1af4:1004 rev 00 class 000000 subsystem 1af4:0008',
	'00:04.0 1af4:1000 rev 00 class 020000 subsystem 1af4:0001',
	'00:05.0 1af4:1005 rev 00 class 00ff00 subsystem 1af4:0004',
];

const serialGoogle = '2F6A1C843B5D4E97A0C851D7E9B2F643';

const dmi = {
	bios_vendor: 'Google',
	bios_version: 'Google',
	bios_date: '01/01/2011',
	bios_release: '1.0',
	sys_vendor: 'Google',
	product_name: 'Google Compute Engine',
	product_serial: `GoogleCloud-${serialGoogle}`,
	product_uuid: '2f6a1c84-3b5d-4e97-a0c8-51d7e9b2f643',
	board_vendor: 'Google',
	board_name: 'Google Compute Engine',
	board_serial: `Board-GoogleCloud-${serialGoogle}`,
	chassis_vendor: 'Google',
	chassis_type: '1',
};

/** What Linux prints on the real machine, and has to print here. */
const kernelSays = [
	'SMBIOS 2.4 present.',
	'DMI: Google Google Compute Engine/Google Compute Engine, BIOS Google 01/01/2011',
	'pnp: PnP ACPI: found 7 devices',
	'00:00: ttyS0 at I/O 0x3f8 (irq = 4, base_baud = 115200) is a 16550A',
	'00:01: ttyS1 at I/O 0x2f8 (irq = 3, base_baud = 115200) is a 16550A',
	'00:02: ttyS2 at I/O 0x3e8 (irq = 6, base_baud = 115200) is a 16550A',
	'00:03: ttyS3 at I/O 0x2e8 (irq = 7, base_baud = 115200) is a 16550A',
	'virtio-pci 0000:00:03.0: virtio_pci: leaving for legacy driver',
	'virtio-pci 0000:00:04.0: virtio_pci: leaving for legacy driver',
	'virtio-pci 0000:00:05.0: virtio_pci: leaving for legacy driver',
	'scsi 0:0:1:0: Direct-Access     Google   PersistentDisk   1    PQ: 0 ANSI: 6',
	'sd 0:0:1:0: [sda] 2097152 512-byte logical blocks: (1.07 GB/1.00 GiB)',
	'sd 0:0:1:0: [sda] 4096-byte physical blocks',
	"sd 0:0:1:0: [sda] Write cache: enabled, read cache: enabled, doesn't support DPO or FUA",
];

const firmwareSays = [
	"virtio-scsi vendor='Google' product='PersistentDisk' rev='1' type=0 removable=0",
	'virtio-scsi blksize=512 sectors=2097152',
	'found virtio-scsi at 00:03.0',
	'Found 6 PCI devices (max PCI bus is 00)',
];

/** VIRTIO_NET_F_MTU (virtio 1.0, 5.1.3); whether it speaks the modern protocol at all (VIRTIO_F_VERSION_1, 6). */
const bits = {mtu: 3, version1: 32};

const expectTheTable = async (t: ExecutionContext, guest: Guest, from = 0): Promise<void> => {
	const seen = await lookAround(guest, from);
	t.deepEqual(seen.pci, bus);
	t.deepEqual(
		seen.pciAtStart,
		bus.map((row) => row.replaceAll(/ rev ..| subsystem .*/gu, '')),
	);
	// 128 and 256 bytes on the real machine: known difference msix-bar-size.
	t.deepEqual(seen.bars['00:03.0'], ['io 64', 'mem 4096']);
	t.deepEqual(seen.bars['00:04.0'], ['io 64', 'mem 4096']);
	t.deepEqual(seen.pnp, [
		'PNP0501 io 0x3f8-0x3ff irq 4',
		'PNP0501 io 0x2f8-0x2ff irq 3',
		'PNP0501 io 0x3e8-0x3ef irq 6',
		'PNP0501 io 0x2e8-0x2ef irq 7',
		'PNP0303 io 0x60-0x60 io 0x64-0x64 irq 1',
		'PNP0f13 irq 12',
		'PNP0b00 io 0x70-0x77 irq 8',
	]);
	t.deepEqual(seen.dmi, dmi);
	t.deepEqual(seen.acpi, [
		'APIC Google GOOG',
		'DSDT Google GOOG',
		'FACP Google GOOG',
		'SSDT Google GOOGSSDT',
		'WAET Google GOOG',
	]);
	// QEMU's own network leases no MTU: it is the device that says it.
	t.is(seen.link, 'ens4 42:01:0a:80:00:02 mtu 1460');
	t.is(seen.virtioFeatures[1]?.[bits.mtu], '1');
	t.deepEqual(
		seen.virtioFeatures.map((features) => features[bits.version1]),
		['0', '0', '0'],
	);
	t.deepEqual(
		kernelSays.filter((line) => !seen.log.includes(line)),
		[],
	);
	t.true(seen.log.some((line) => /^pci 0000:00:01\.3: quirk: .* claimed by PIIX4 ACPI$/u.test(line)));
};

/** The probe's disk on the cloud's machine, patched: its own boot loader starts. */
const boot = async (t: ExecutionContext, overrides?: unknown): Promise<Guest> => {
	const {path: directory, cleanup} = await dir({unsafeCleanup: true, prefix: 'bootwright-test-'});
	t.teardown(cleanup);
	const disk = {
		candidate: {path: await probeDisk({directory})},
		overlay: {path: path.join(directory, 'overlay.qcow2')},
		kernel: undefined,
	};
	const {imgPath} = await findQemu();
	await createOverlay({qemuImg: imgPath, candidate: disk.candidate, path: disk.overlay.path});
	return bootProbe({
		disk,
		overrides,
		whileStopped: async (process, profile) => {
			const results = await applyOverrides(process, profile);
			t.deepEqual(
				results.map(({id, what, status}) => `${id}: ${what}: ${status}`),
				[
					'pci.isaBridge: revision 00 → 03: applied',
					'pci.ide: 00:01.1 hidden: applied',
					'pci.scsi: class 010000 → 000000: applied',
					'smbios.version: SMBIOS 2.8 → 2.4: applied',
				],
			);
		},
	});
};

/** Resets the machine and waits for the next kernel. Returns where its bytes on ttyS1 begin. */
const startAgain = async ({process, ports}: Guest): Promise<number> => {
	using deadline = new Deadline({phase: 'reset', budgetMs: 30_000});
	const [console, shell] = ports;
	const from = console!.received;
	await process.qmp.execute('system_reset');
	await console!.expect('Linux version', deadline, {from});
	return shell!.received;
};

test.serial('the guest sees the machine of the specification, word for word, also after a reset', async (t) => {
	await using guest = await boot(t);
	await expectTheTable(t, guest);
	const firmware = await readFile(path.join(guest.directory, 'firmware.log'), 'utf8');
	t.deepEqual(
		firmwareSays.filter((line) => !firmware.split('\n').includes(line)),
		[],
	);
	await expectTheTable(t, guest, await startAgain(guest));
});

test.serial('with other memory and processors as well', async (t) => {
	await using guest = await boot(t, {memoryMiB: 4096, vcpus: 5});
	await expectTheTable(t, guest);
});
