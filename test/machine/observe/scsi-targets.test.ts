import test from 'ava';
import {
	bootDisk,
	requestInterrupts,
	rootDevice,
	scsiAdapters,
	scsiTargets,
} from '../../../harness/machine/observe/scsi-targets.ts';
import {kernels, recorded} from './_recorded.ts';

for (const kernel of kernels) {
	test(`the disk as ${kernel} shows it`, (t) => {
		const [disk, ...others] = scsiTargets(recorded(kernel));
		t.deepEqual(others, []);
		t.like(disk, {
			address: '0:0:1:0',
			adapter: '00:03.0',
			type: 0,
			vendor: 'Google',
			model: 'PersistentDisk',
			scsiLevel: 7,
			lbpme: true,
			block: 'sda',
			logicalBlockSize: 512,
			physicalBlockSize: 4096,
			hardwareQueues: 1,
			deviceNumbers: ['8:0'],
		});
		t.is(disk?.inquiry?.[2], 6);
		// Page 00 names the others on every kernel; the others themselves are shown since 5.19.
		t.deepEqual(disk?.vpd.get(0)?.toString('hex'), '000000050083b0b1b2');
		t.deepEqual([...(disk?.vpd.keys() ?? [])], kernel === 'linux-5.10' ? [0] : [0, 0xb0, 0xb1, 0xb2]);
	});

	test(`the adapter as ${kernel} shows it`, (t) => {
		const dump = recorded(kernel);
		const [adapter, ...others] = scsiAdapters(dump);
		t.deepEqual(others, []);
		t.like(adapter, {address: '00:03.0', driver: 'virtio_scsi'});
		t.true(adapter?.hardwareQueues === 1 || adapter?.hardwareQueues === undefined);
		t.is(requestInterrupts(dump, '00:03.0'), 1);
		t.is(requestInterrupts(dump, '00:04.0'), undefined);
	});
}

test('several queues are counted, from sysfs and from the interrupts', (t) => {
	const dump = recorded('linux-6.1', {
		'/nr_hw_queues': '4\n',
		'/proc/interrupts': [
			' 24: 0 PCI-MSI 49152-edge virtio0-config',
			' 27: 0 PCI-MSI 49155-edge virtio0-request',
			' 28: 0 PCI-MSI 49156-edge virtio0-request',
			' 29: 0 PCI-MSI 49156-edge virtio1-request',
			' 30: 0 PCI-MSI 49156-edge not-virtio0-request-queue',
			'',
		].join('\n'),
	});
	t.is(scsiAdapters(dump)[0]?.hardwareQueues, 4);
	t.is(requestInterrupts(dump, '00:03.0'), 2);
});

test('an adapter whose driver is not bound is none', (t) => {
	t.deepEqual(scsiAdapters(recorded('linux-6.1', {'/virtio0/uevent': 'MODALIAS=virtio:d00000008v00001AF4\n'})), []);
});

test('the boot disk holds the root file system, else it is target 1, else the first', (t) => {
	const one = recorded('linux-6.1');
	const second = [...one]
		.filter(([path]) => path.includes('/target0:0:1/0:0:1:0/'))
		.map(([path, content]) => {
			const moved = path
				.replaceAll('0:0:1:0', '0:0:2:0')
				.replaceAll('target0:0:1', 'target0:0:2')
				.replaceAll('/sda', '/sdb');
			return [moved, moved.endsWith('/block/sdb/dev') ? Buffer.from('8:16\n') : content] as const;
		});
	const partition = '/sys/bus/pci/devices/0000:00:03.0/virtio0/host0/target0:0:2/0:0:2:0/block/sdb/sdb1/dev';
	const both = new Map([...second, ...one, [partition, Buffer.from('8:17\n')] as const]);
	const withRoot = (device: string) =>
		new Map([
			...both,
			[
				'/proc/self/mountinfo',
				Buffer.from(`1 1 0:2 / / rw - rootfs rootfs rw\n22 1 ${device} / / rw - ext4 /dev/x rw\n`),
			] as const,
		]);
	t.is(bootDisk(withRoot('8:17'))?.address, '0:0:2:0');
	t.is(bootDisk(withRoot('8:0'))?.address, '0:0:1:0');
	t.is(bootDisk(withRoot('253:0'))?.address, '0:0:1:0');
	t.is(bootDisk(new Map(second))?.address, '0:0:2:0');
	t.is(bootDisk(new Map()), undefined);
});

test('the root is what is mounted there last', (t) => {
	t.is(
		rootDevice(
			'1 1 0:2 / / rw - rootfs rootfs rw\n30 1 8:1 / / rw - ext4 /dev/sda1 rw\n31 30 8:2 / /boot rw - ext4 /dev/sda2 rw',
		),
		'8:1',
	);
	t.is(rootDevice(''), undefined);
});
