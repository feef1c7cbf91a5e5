import test from 'ava';
import {HostError} from '../../../harness/core/errors.ts';
import {askVirtioStatus, parseVirtioStatus} from '../../../harness/machine/observe/virtio-status.ts';
import {recordedJson} from './_recorded.ts';

const qmp = async (command: string, args?: Readonly<Record<string, unknown>>): Promise<unknown> => {
	if (command === 'x-query-virtio') {
		return recordedJson('machine/query-virtio.json');
	}

	const name = args?.['path'] === '/machine/peripheral/scsi0/virtio-backend' ? 'virtio-scsi' : 'virtio-net';
	return recordedJson(`machine/${name}.json`);
};

test('a device is found by its name; bits by what stands before the colon', async (t) => {
	t.deepEqual(await askVirtioStatus(qmp, 'virtio-scsi'), {
		driverStatus: ['VIRTIO_CONFIG_S_ACKNOWLEDGE', 'VIRTIO_CONFIG_S_DRIVER', 'VIRTIO_CONFIG_S_DRIVER_OK'],
		negotiated: [
			'VIRTIO_RING_F_EVENT_IDX',
			'VIRTIO_RING_F_INDIRECT_DESC',
			'VIRTIO_SCSI_F_CHANGE',
			'VIRTIO_SCSI_F_HOTPLUG',
		],
		virtqueues: 3,
	});
	t.true((await askVirtioStatus(qmp, 'virtio-net'))?.negotiated.includes('VIRTIO_NET_F_MTU'));
	t.is(await askVirtioStatus(qmp, 'virtio-blk'), undefined);
});

test('a device that no driver has touched', (t) => {
	t.deepEqual(parseVirtioStatus({'num-vqs': 3, status: {}, 'guest-features': {}}), {
		driverStatus: [],
		negotiated: [],
		virtqueues: 3,
	});
});

test('another answer is the host’s fault', async (t) => {
	t.throws(() => parseVirtioStatus({}), {
		instanceOf: HostError,
		message: /^QEMU's answer to x-query-virtio-status is not understood: .*num-vqs/s,
	});
	await t.throwsAsync(
		askVirtioStatus(async () => ({}), 'virtio-net'),
		{
			instanceOf: HostError,
			message: /^QEMU's answer to x-query-virtio is not understood: /,
		},
	);
});
