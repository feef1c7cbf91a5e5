import test from 'ava';
import {rootPlace} from '../../../harness/machine/observe/root-place.ts';
import {recorded} from './_recorded.ts';

/** The probe's disk with a partition, and whatever else a guest stacks on it. */
const place = (mounts: readonly string[], devices: Readonly<Record<string, string>> = {}) => {
	const dump = new Map(recorded('linux-6.1', {'/proc/self/mountinfo': mounts.join('\n')}));
	const disk = '/sys/bus/pci/devices/0000:00:03.0/virtio0/host0/target0:0:1/0:0:1:0/block/sda/sda1/dev';
	const all = {[disk]: '8:1', '/sys/class/block/sda1/dev': '8:1', ...devices};
	for (const [path, number] of Object.entries(all)) {
		dump.set(path, Buffer.from(`${number}\n`));
	}

	return rootPlace(dump);
};

const initramfs = '1 1 0:2 / / rw - rootfs rootfs rw';

test('a partition of the disk', (t) => {
	t.deepEqual(place([initramfs, '22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw']), {
		observed: 'ext4 from /dev/sda1 on sda',
		holds: true,
	});
});

test('btrfs numbers its mounts itself', (t) => {
	t.deepEqual(place(['22 1 0:25 /@ / rw - btrfs /dev/sda1 rw,subvol=/@']), {
		observed: 'btrfs from /dev/sda1 on sda',
		holds: true,
	});
});

test('a logical volume, encrypted, stands on the disk in the end', (t) => {
	const devices = {
		'/sys/class/block/dm-0/dev': '253:0',
		'/sys/class/block/dm-1/dev': '253:1',
		'/sys/class/block/dm-1/slaves/dm-0/dev': '253:0',
		'/sys/class/block/dm-1/slaves/dm-0/slaves/sda1/dev': '8:1',
	};
	t.deepEqual(place(['22 1 253:1 / / rw - xfs /dev/mapper/vg-root rw'], devices), {
		observed: 'xfs from /dev/mapper/vg-root on sda',
		holds: true,
	});
});

test('memory holds what the boot loader brought; an overlay stands on something', (t) => {
	t.deepEqual(place([initramfs]), {observed: 'rootfs: in memory, as the boot loader brought it', holds: true});
	const overlay = ['22 1 8:1 / /run/ro ro - squashfs /dev/sda1 ro', '30 1 0:40 / / rw - overlay overlayroot rw'];
	t.deepEqual(place(overlay), {observed: 'overlay over squashfs from /dev/sda1 on sda', holds: true});
	t.deepEqual(place(['30 1 0:40 / / rw - overlay overlay rw']), {
		observed: 'overlay from overlay, on no disk of the machine',
		holds: false,
	});
});

test('something else than a disk of the machine does not hold', (t) => {
	t.deepEqual(place(['22 1 0:30 / / rw - nfs4 10.0.0.1:/root rw']), {
		observed: 'nfs4 from 10.0.0.1:/root, on no disk of the machine',
		holds: false,
	});
	t.deepEqual(place(['22 1 259:1 / / rw - ext4 /dev/nvme0n1p1 rw'], {'/sys/class/block/nvme0n1p1/dev': '259:1'}), {
		observed: 'ext4 from /dev/nvme0n1p1, on no disk of the machine',
		holds: false,
	});
	t.deepEqual(place([]), {observed: 'absent', holds: false});
});
