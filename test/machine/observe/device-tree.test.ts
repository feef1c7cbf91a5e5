import test from 'ava';
import {devicesOfType, parseDeviceTree} from '../../../harness/machine/observe/device-tree.ts';
import {recordedText} from './_recorded.ts';

const tree = parseDeviceTree(recordedText('machine/qtree.txt'));

test('the disk hangs on the adapter, the adapter on its PCI function', (t) => {
	const [adapter, ...others] = devicesOfType(tree, 'virtio-scsi-device');
	t.is(others.length, 0);
	t.is(adapter?.properties.get('num_queues'), '1 (0x1)');
	t.deepEqual(
		adapter?.children.map(({type, id}) => [type, id]),
		[['scsi-hd', 'disk0']],
	);
	const [pci] = devicesOfType(tree, 'virtio-scsi-pci');
	t.is(pci?.id, 'scsi0');
	t.is(pci?.properties.get('addr'), '03.0');
	t.deepEqual(
		pci?.children.map(({type}) => type),
		['virtio-scsi-device'],
	);
});

test('every device is found, wherever it is', (t) => {
	t.is(devicesOfType(tree, 'isa-serial').length, 4);
	t.deepEqual(devicesOfType(tree, 'scsi-cd'), []);
	t.deepEqual(parseDeviceTree(''), []);
});
