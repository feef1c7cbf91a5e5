import test from 'ava';
import {driverOf, hex, pciFunctions, pciId} from '../../../harness/machine/observe/pci-functions.ts';
import {kernels, recorded} from './_recorded.ts';

const bus = [
	'00:00.0 8086:1237 02 0600 1100',
	'00:01.0 8086:7110 03 0601 1100',
	'00:01.3 8086:7113 03 0680 1100',
	'00:03.0 1af4:1004 00 0000 0008',
	'00:04.0 1af4:1000 00 0200 0001',
	'00:05.0 1af4:1005 00 00ff 0004',
];

const lines = (dump: Parameters<typeof pciFunctions>[0]): readonly string[] =>
	pciFunctions(dump).map(
		({address, vendor, device, revision, class: kind, subsystem}) =>
			`${address} ${pciId(vendor, device)} ${hex(revision, 2)} ${hex(kind, 4)} ${hex(subsystem, 4)}`,
	);

for (const kernel of kernels) {
	test(`the bus as ${kernel} shows it in sysfs`, (t) => {
		const dump = recorded(kernel);
		t.deepEqual(lines(dump), bus);
		t.deepEqual(
			pciFunctions(dump).map(({driver}) => driver),
			[undefined, undefined, undefined, 'virtio-pci', 'virtio-pci', 'virtio-pci'],
		);
	});
}

test('the same bus where sysfs is not mounted', (t) => {
	t.deepEqual(lines(recorded('proc-pci')), bus);
});

test('a header that was cut short is no function', (t) => {
	const dump = recorded('linux-6.1', {'00:03.0/config': Buffer.alloc(63)});
	t.deepEqual(
		lines(dump),
		bus.filter((line) => !line.startsWith('00:03.0')),
	);
});

test('driverOf finds a bound driver, and nothing else', (t) => {
	t.is(driverOf('PCI_CLASS=FF00\nDRIVER=virtio-pci\nPCI_ID=1AF4:1005\n'), 'virtio-pci');
	t.is(driverOf('MODALIAS=x DRIVER=y\n'), undefined);
	t.is(driverOf(), undefined);
});
